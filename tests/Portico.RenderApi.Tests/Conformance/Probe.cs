using Portico.RenderApi.Tests.Server;

namespace Portico.RenderApi.Tests.Conformance;

/// <summary>A request that must be refused, and how.</summary>
/// <param name="Expected">One of these statuses.</param>
/// <param name="Says">What the message must contain.</param>
internal sealed record Probe(Call Call, int[] Expected, string? Says = null)
{
    /// <summary>Null for the owner.</summary>
    public Someone? By { get; init; }

    public string Why { get; init; } = "refused";
}
