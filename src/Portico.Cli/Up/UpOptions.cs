namespace Portico.Cli.Up;

/// <param name="Path">A render.yaml, or a directory that contains one; null for the working directory.</param>
/// <param name="Detach">Exit when everything is live instead of following the logs.</param>
/// <param name="Skip">Services and data stores to leave out.</param>
/// <param name="Yes">Deploy what is recognized without asking, where there is no render.yaml.</param>
internal sealed record UpOptions(string? Path, bool Detach, IReadOnlyList<string> Values, IReadOnlyList<string> Skip, bool NoInput, bool Yes);
