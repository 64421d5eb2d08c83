namespace Portico.Cli.Variables;

/// <summary>A variable in <c>env list --json</c>.</summary>
/// <param name="Value">Null while it is hidden.</param>
internal sealed record EnvItem(string Key, string? Value);
