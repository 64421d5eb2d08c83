namespace Portico.ControlPlane.Sites;

/// <summary>The result of a build cannot be published. The message is for the site's owner.</summary>
internal sealed class SitePublishException : Exception
{
    public SitePublishException() { }

    public SitePublishException(string message) : base(message) { }

    public SitePublishException(string message, Exception innerException) : base(message, innerException) { }
}
