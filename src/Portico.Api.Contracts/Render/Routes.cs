using System.Text.Json.Serialization;

namespace Portico.Api.Contracts.Render;

/// <summary>A redirect or rewrite of a static site.</summary>
public sealed record Route
{
    public required string Id { get; init; }

    /// <summary><c>redirect rewrite</c>.</summary>
    public required string Type { get; init; }

    public required string Source { get; init; }

    public required string Destination { get; init; }

    /// <summary>Counted from 0; the first matching route applies.</summary>
    public required int Priority { get; init; }
}

public sealed record RouteWithCursor(Route Route, string Cursor);

public sealed record RoutePost
{
    /// <summary><c>redirect rewrite</c>.</summary>
    public required string Type { get; init; }

    public required string Source { get; init; }

    public required string Destination { get; init; }

    /// <summary>The position; null for after all others.</summary>
    public int? Priority { get; init; }
}

/// <param name="Type"><c>redirect rewrite</c>.</param>
public sealed record RoutePut(string Type, string Source, string Destination);

public sealed record RoutePatch(int Priority);

/// <summary>The response to moving a route; the name is Render's.</summary>
public sealed record MovedRoute(Route Headers);

[JsonSerializable(typeof(IReadOnlyList<RoutePut>))]
[JsonSerializable(typeof(RoutePatch))]
[JsonSerializable(typeof(RoutePost))]
[JsonSerializable(typeof(IReadOnlyList<Route>))]
[JsonSerializable(typeof(IReadOnlyList<RouteWithCursor>))]
[JsonSerializable(typeof(MovedRoute))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class RoutesJson : JsonSerializerContext;
