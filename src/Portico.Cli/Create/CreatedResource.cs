namespace Portico.Cli.Create;

/// <summary>What <c>create … --json</c> prints.</summary>
/// <param name="Type">As in <c>status --json</c>.</param>
/// <param name="Url">The public URL; null for what has none.</param>
/// <param name="DeployId">The first deploy; null for a data store.</param>
internal sealed record CreatedResource(string Id, string Name, string Type, string? Url, string? DeployId);
