namespace Portico.Cli.Remotes;

/// <summary>A platform on another machine, with the API key for it.</summary>
/// <param name="Name">How the user calls it.</param>
/// <param name="Url">Its address, without a path.</param>
internal sealed record Remote(string Name, string Url, string Key)
{
    /// <summary>The platform on this machine; no remote can have this name.</summary>
    public const string Local = "local";

    /// <summary>Reads an address as users have it: with or without a path such as <c>/v1/</c>.</summary>
    /// <returns>Null when it is none.</returns>
    public static string? AddressIn(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https") && uri.Host.Length > 0 && uri.UserInfo.Length == 0
            ? uri.GetLeftPart(UriPartial.Authority)
            : null;
}
