namespace Portico.Edge.Model;

/// <summary>Chooses the instance with the fewest requests and connections, in turns among equal ones.</summary>
internal static class Balancer
{
    private static uint _next;

    /// <returns>Null when there is no instance.</returns>
    public static Instance? Choose(Instance[] instances) => instances.Length switch
    {
        0 => null,
        1 => instances[0],
        _ => ChooseLeast(instances),
    };

    private static Instance ChooseLeast(Instance[] instances)
    {
        var start = (int)(Interlocked.Increment(ref _next) % (uint)instances.Length);
        Instance? best = null;
        var bestLoad = long.MaxValue;
        for (var i = 0; i < instances.Length; i++)
        {
            var index = start + i;
            var candidate = instances[index < instances.Length ? index : index - instances.Length];
            var load = candidate.InFlight.Load + (candidate.IsAvoided ? (long)int.MaxValue : 0);
            if (load >= bestLoad)
                continue;
            best = candidate;
            bestLoad = load;
        }
        return best!;
    }
}
