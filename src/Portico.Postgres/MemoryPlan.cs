using Portico.Core.Plans;

namespace Portico.Postgres;

/// <summary>Divides the memory of a plan among the parts of a server.</summary>
internal sealed record MemoryPlan
{
    private const long MiB = 1024 * 1024;

    // For a plan without a limit, this is what the smallest machines can spare.
    private const long UnlimitedMemory = 1024 * MiB;

    public required int MaxConnections { get; init; }

    public required long SharedBuffersMegabytes { get; init; }

    public required long EffectiveCacheMegabytes { get; init; }

    public required long WorkMegabytes { get; init; }

    public required long MaintenanceMegabytes { get; init; }

    /// <summary>The proportions that PostgreSQL's documentation advises: a quarter of the memory for its own cache, three quarters with the kernel's.</summary>
    public static MemoryPlan For(long? memoryBytes)
    {
        var memory = memoryBytes ?? UnlimitedMemory;
        var megabytes = Math.Max(memory / MiB, 64);
        var connections = ConnectionLimits.Postgres(memory);
        return new MemoryPlan
        {
            MaxConnections = connections,
            SharedBuffersMegabytes = megabytes / 4,
            EffectiveCacheMegabytes = megabytes * 3 / 4,
            // Each sort of each connection may use this much memory, but few sort at the same time.
            WorkMegabytes = Math.Clamp(megabytes / connections, 2, 64),
            MaintenanceMegabytes = Math.Clamp(megabytes / 16, 16, 2048),
        };
    }
}
