using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Blueprints;

/// <summary>The commit of a repository that a Blueprint was read from.</summary>
/// <param name="Repository">The directory name of the repository.</param>
/// <param name="Url">The repository's URL without credentials.</param>
internal sealed record BlueprintOrigin(string Repository, string Url, string Branch, string Commit, Actor? By, CommitChecks? Checks = null);

/// <param name="Decisions">The decision for each service in the Blueprint; empty if it was not applied.</param>
internal sealed record AppliedBlueprint(BlueprintResult Result, IReadOnlyList<DeployDecision> Decisions);
