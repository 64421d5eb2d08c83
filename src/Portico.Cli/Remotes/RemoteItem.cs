namespace Portico.Cli.Remotes;

/// <summary>A platform in <c>config list --json</c>.</summary>
/// <param name="Url">Null for the platform on this machine.</param>
internal sealed record RemoteItem(string Name, string? Url, bool Used);
