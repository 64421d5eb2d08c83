namespace Portico.Core.Networks;

/// <summary>Chooses the number of a new resource, from which its address follows.</summary>
public static class NumberSequence
{
    /// <summary>The one after the highest, so that a number that has just become free is not given to another resource at once; if there is none, the lowest that is free.</summary>
    /// <param name="most">The highest number that has an address.</param>
    /// <returns>Null if all are taken.</returns>
    public static int? Next(IReadOnlySet<int> taken, int most)
    {
        ArgumentNullException.ThrowIfNull(taken);
        var after = taken.Count == 0 ? 1 : taken.Max() + 1;
        if (after <= most)
            return after;
        for (var number = 1; number <= most; number++)
            if (!taken.Contains(number))
                return number;
        return null;
    }
}
