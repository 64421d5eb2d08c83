namespace Portico.ControlPlane.Git;

/// <summary>What in a commit's message says that it is not to be deployed.</summary>
/// <remarks>As in https://render.com/docs/deploys#skipping-an-auto-deploy.</remarks>
public static class SkipPhrase
{
    private static readonly string[] Phrases = ["[skip render]", "[render skip]", "[skip deploy]", "[deploy skip]", "[skip cd]", "[cd skip]"];

    /// <summary>The phrase that is there; null where there is none.</summary>
    public static string? In(string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Array.Find(Phrases, phrase => message.Contains(phrase, StringComparison.OrdinalIgnoreCase));
    }
}
