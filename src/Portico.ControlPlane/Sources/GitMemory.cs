namespace Portico.ControlPlane.Sources;

/// <summary>Explains to users that git reached its memory limit.</summary>
internal static class GitMemory
{
    public const string Explanation =
        "It has an object that git cannot read within its memory limit, which is a quarter of the machine's memory and at most 4 GB. Nothing was stored. "
        + "Keep large files on a disk of the service or in Git LFS.";

    /// <summary>What git prints before it exits. It runs in English.</summary>
    private static readonly string[] Signs = ["ut of memory", "Cannot allocate memory"];

    /// <param name="output">What git printed.</param>
    public static bool IsUsedUp(string output) => Array.Exists(Signs, sign => output.Contains(sign, StringComparison.Ordinal));
}
