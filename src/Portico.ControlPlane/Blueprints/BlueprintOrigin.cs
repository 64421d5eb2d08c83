using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Blueprints;

/// <summary>The commit of a repository that a Blueprint was read from, when it arrived there.</summary>
/// <param name="Repository">By directory name.</param>
/// <param name="Url">Without anything secret.</param>
public sealed record BlueprintOrigin(string Repository, string Url, string Branch, string Commit, Actor? By, CommitChecks? Checks = null);

/// <param name="Decisions">About each service that the Blueprint names; empty unless it was applied.</param>
public sealed record AppliedBlueprint(BlueprintResult Result, IReadOnlyList<DeployDecision> Decisions);
