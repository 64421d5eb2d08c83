namespace Portico.Api.Contracts.Platform;

/// <summary>Body of <c>PUT /portico/v1/repositories/{name}</c>: creates the repository if it does not exist.</summary>
/// <param name="Origin">Another URL of the same repository: services with this <c>repo</c> are built from what is pushed here.</param>
public sealed record PutRepository(string? Origin = null);

/// <summary>A Git repository that users push to.</summary>
/// <param name="Url">The URL for <c>git push</c>, with any user name and an API key as the password.</param>
/// <param name="Workspace">The id of its workspace.</param>
public sealed record RepositoryInfo(string Name, string Url, string Workspace);
