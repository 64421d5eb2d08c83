namespace Portico.Cli.Logs;

/// <param name="Lines">How many of the last lines to show; null for the default.</param>
/// <param name="Since">Show only lines that were written since.</param>
/// <param name="Level">Show only lines of this level or above; null for all.</param>
internal sealed record LogsOptions(
    string Name, bool Follow, bool Build, int? Lines, DateTimeOffset? Since, string? Level, bool Timestamps, bool Json);
