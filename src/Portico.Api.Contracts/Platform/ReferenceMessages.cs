namespace Portico.Api.Contracts.Platform;

/// <summary>What refers to what in a workspace, without any value: <c>GET /portico/v1/references?ownerId=…</c>.</summary>
/// <param name="Nodes">Services, data stores, env groups, and what is referred to but missing; by name.</param>
/// <param name="Edges">One for each reference.</param>
public sealed record References(IReadOnlyList<ReferenceNode> Nodes, IReadOnlyList<ReferenceEdge> Edges);

/// <param name="Id">The id of the resource; <c>missing NAME</c> if there is none.</param>
/// <param name="Type">As in <see cref="OverviewRow.Type"/>; or <c>env_group</c>, or <c>missing</c>.</param>
public sealed record ReferenceNode(string Id, string Name, string Type);

/// <param name="From">The id of the service or env group that refers to something.</param>
/// <param name="To">The id of what it refers to.</param>
/// <param name="Kind"><c>variable</c>, <c>env_group</c> or <c>route</c>.</param>
/// <param name="Key">The name of the variable, or the path that a route matches; empty for an env group.</param>
/// <param name="Property">The property or variable that a variable refers to; null otherwise.</param>
/// <param name="Problem">Why the reference has no value; null if it has one.</param>
public sealed record ReferenceEdge(string From, string To, string Kind, string Key, string? Property, string? Problem);
