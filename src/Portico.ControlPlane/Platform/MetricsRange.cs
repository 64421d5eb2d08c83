using Portico.ControlPlane.Metrics;
using Portico.ControlPlane.Refusals;

namespace Portico.ControlPlane.Platform;

/// <summary>A time range of charts: the newest steps that have ended.</summary>
/// <param name="StepSeconds">In seconds. Long ranges have multiples of <see cref="Tier.Coarse"/>, which is kept for longer.</param>
internal sealed record MetricsRange(string Name, int StepSeconds, int Steps)
{
    /// <summary>What happened in the last seconds may not be stored yet: the edge writes every five seconds, and it is copied every five.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(12);

    private static readonly MetricsRange[] All = [new("1h", 30, 120), new("6h", 120, 180), new("1d", 600, 144), new("7d", 1800, 336)];

    /// <exception cref="RefusedException">There is no such range.</exception>
    public static MetricsRange Parse(string? name) =>
        All.FirstOrDefault(range => range.Name == (name ?? All[0].Name))
        ?? throw Refusal.Invalid($"range: must be {string.Join(", ", All.Select(range => range.Name))}, not '{name}'.");

    /// <returns>The start of the first step, in seconds since 1970.</returns>
    public long From(DateTimeOffset now) => Tier.StepOf(now - Late, StepSeconds) - ((long)StepSeconds * Steps);

    public MetricsQuery Query(string resource, DateTimeOffset now) => new(
        [resource], DateTimeOffset.FromUnixTimeSeconds(From(now)), DateTimeOffset.FromUnixTimeSeconds(From(now) + ((long)StepSeconds * Steps)), StepSeconds);
}
