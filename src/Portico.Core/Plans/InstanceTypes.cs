using System.Collections.Frozen;
using Portico.Core.Engines;
using static Portico.Core.Plans.InstanceType;

namespace Portico.Core.Plans;

/// <summary>Render's instance types of one kind of resource, by plan.</summary>
/// <remarks>
/// The numbers come from <see href="https://render.com/pricing"/>, and, for plans from before October 2024, from
/// <see href="https://render.com/docs/postgresql-legacy-instance-types"/>; a "GB" there is 1024³ bytes.
/// </remarks>
public sealed class InstanceTypes
{
    private readonly FrozenDictionary<string, InstanceType> _byPlan;

    private InstanceTypes(params InstanceType[] types) =>
        _byPlan = types.ToFrozenDictionary(type => type.Plan, StringComparer.Ordinal);

    /// <summary>The plans of web and private services, background workers and cron jobs.</summary>
    public static InstanceTypes Services { get; } = new(
        Of("free", 512 * MiB, 100),
        Of("starter", 512 * MiB, 500),
        Of("standard", 2 * GiB, 1000),
        Of("pro", 4 * GiB, 2000),
        Of("pro plus", 8 * GiB, 4000),
        Of("pro max", 16 * GiB, 4000),
        Of("pro ultra", 32 * GiB, 8000));

    public static InstanceTypes Postgres { get; } = new(
        Of("free", 256 * MiB, 100),
        Of("basic-256mb", 256 * MiB, 100),
        Of("basic-1gb", 1 * GiB, 500),
        Of("basic-4gb", 4 * GiB, 2000),
        Of("pro-4gb", 4 * GiB, 1000),
        Of("pro-8gb", 8 * GiB, 2000),
        Of("pro-16gb", 16 * GiB, 4000),
        Of("pro-32gb", 32 * GiB, 8000),
        Of("pro-64gb", 64 * GiB, 16_000),
        Of("pro-128gb", 128 * GiB, 32_000),
        Of("pro-192gb", 192 * GiB, 48_000),
        Of("pro-256gb", 256 * GiB, 64_000),
        Of("pro-384gb", 384 * GiB, 96_000),
        Of("pro-512gb", 512 * GiB, 128_000),
        Of("accelerated-16gb", 16 * GiB, 2000),
        Of("accelerated-32gb", 32 * GiB, 4000),
        Of("accelerated-64gb", 64 * GiB, 8000),
        Of("accelerated-128gb", 128 * GiB, 16_000),
        Of("accelerated-256gb", 256 * GiB, 32_000),
        Of("accelerated-384gb", 384 * GiB, 48_000),
        Of("accelerated-512gb", 512 * GiB, 64_000),
        Of("accelerated-768gb", 768 * GiB, 96_000),
        Of("accelerated-1024gb", 1024 * GiB, 128_000),
        Of("starter", 256 * MiB, 100),
        Of("standard", 1 * GiB, 1000),
        Of("pro", 4 * GiB, 2000),
        Of("pro plus", 8 * GiB, 4000));

    /// <summary>The plans of Key Value stores. Render publishes no CPU figures for them.</summary>
    public static InstanceTypes KeyValue { get; } = new(
        Of("free", 25 * MiB),
        Of("starter", 256 * MiB),
        Of("standard", 1 * GiB),
        Of("pro", 5 * GiB),
        Of("pro plus", 10 * GiB),
        Of("pro max", 20 * GiB),
        Of("pro ultra", 40 * GiB));

    /// <param name="plan">The plan in the schema's exact spelling; parsers correct other spellings.</param>
    /// <returns>Null when this kind of resource has no such plan.</returns>
    public InstanceType? Find(string plan) => _byPlan.GetValueOrDefault(plan);

    private static InstanceType Of(string plan, long memory, int? cpuMillis = null) => new(plan, new ResourceLimits(memory, cpuMillis));
}
