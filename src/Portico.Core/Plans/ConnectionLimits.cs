using static Portico.Core.Plans.InstanceType;

namespace Portico.Core.Plans;

/// <summary>The maximum number of clients of a data store, which depends on its memory as on Render.</summary>
public static class ConnectionLimits
{
    /// <summary>See <see href="https://render.com/docs/postgresql-creating-connecting"/>, "Connection limits".</summary>
    public static int Postgres(long memoryBytes) => memoryBytes switch
    {
        < 8 * GiB => 100,
        < 16 * GiB => 200,
        < 32 * GiB => 400,
        _ => 500,
    };

    /// <summary>See the Key Value table of <see href="https://render.com/pricing"/>.</summary>
    public static int KeyValue(long memoryBytes) => memoryBytes switch
    {
        < 256 * MiB => 50,
        < 1 * GiB => 250,
        < 5 * GiB => 1000,
        < 10 * GiB => 5000,
        < 20 * GiB => 10_000,
        < 40 * GiB => 20_000,
        _ => 40_000,
    };
}
