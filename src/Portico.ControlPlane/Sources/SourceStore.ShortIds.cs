namespace Portico.ControlPlane.Sources;

/// <content>Finds commits by the first digits of their ids.</content>
internal sealed partial class SourceStore
{
    /// <summary>As in git: fewer digits are never an id.</summary>
    private const int ShortestId = 4;

    private const int MostCandidates = 50;

    /// <summary>Whether a text can be the beginning of a commit id.</summary>
    public static bool IsShortCommit(string text) => text.Length is >= ShortestId and < 40 && text.All(char.IsAsciiHexDigitLower);

    /// <summary>Returns the local commits whose ids begin with these digits.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(string repository, string digits, CancellationToken cancellationToken)
    {
        if (!IsShortCommit(digits) || !IsWhole(PathOf(repository)))
            return [];
        var listing = await GitCommand.TryAsync(GitOf(repository), ["rev-parse", $"--disambiguate={digits}"], cancellationToken);
        var commits = new List<string>();
        foreach (var id in listing.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(MostCandidates))
            if ((await GitCommand.TryAsync(GitOf(repository), ["cat-file", "-t", id], cancellationToken)).Output.Trim() == "commit")
                commits.Add(id);
        return commits;
    }
}
