namespace Portico.Api.Contracts.Platform;

/// <summary>Body of <c>PUT /portico/v1/repositories/{name}</c>: makes the repository, unless it is there.</summary>
/// <param name="Origin">Where its commits are kept as well: services whose <c>repo</c> is that are built from what is pushed here.</param>
public sealed record PutRepository(string? Origin = null);

/// <summary>A Git repository that is pushed to here.</summary>
/// <param name="Url">For <c>git push</c>: any user name, and an API key as the password.</param>
/// <param name="Workspace">Its id.</param>
public sealed record RepositoryInfo(string Name, string Url, string Workspace);
