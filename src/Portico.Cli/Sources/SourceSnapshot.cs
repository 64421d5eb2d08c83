namespace Portico.Cli.Sources;

/// <summary>A directory at one moment, stored as a commit.</summary>
/// <param name="Commit">40 hexadecimal digits.</param>
/// <param name="Origin">The URL that the directory's repository was cloned from, when it has one.</param>
/// <param name="Branch">The branch that is checked out in the directory's repository; null without one.</param>
internal sealed record SourceSnapshot(string Commit, string? Origin, string? Branch);
