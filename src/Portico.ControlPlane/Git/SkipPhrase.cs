namespace Portico.ControlPlane.Git;

/// <summary>Phrases in a commit message that skip the deploy.</summary>
/// <remarks>As in https://render.com/docs/deploys#skipping-an-auto-deploy.</remarks>
internal static class SkipPhrase
{
    private static readonly string[] Phrases = ["[skip render]", "[render skip]", "[skip deploy]", "[deploy skip]", "[skip cd]", "[cd skip]"];

    /// <summary>Returns the phrase in a message; null if there is none.</summary>
    public static string? In(string message)
    {
        return Array.Find(Phrases, phrase => message.Contains(phrase, StringComparison.OrdinalIgnoreCase));
    }
}
