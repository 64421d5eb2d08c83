using System.Globalization;
using Portico.Core.Engines;

namespace Portico.Engines.Process.Accounts;

/// <summary>The account numbers that a platform gives to its workloads. No account of the machine may have one of them.</summary>
internal sealed record IdentityRange(uint First, uint Last)
{
    /// <summary>Numbers between those of systemd's containers and its own highest ones, which no tool hands out.</summary>
    private const uint Lowest = 1_900_000_000, Highest = 2_100_000_000, Size = 1 << 17;

    /// <summary>Lower numbers belong to accounts of the machine, and two of them have a special meaning.</summary>
    private const uint LowestAllowed = 65_536, HighestAllowed = int.MaxValue - 1;

    private static readonly string[] AccountFiles = ["/etc/passwd", "/etc/group"], SubordinateFiles = ["/etc/subuid", "/etc/subgid"];

    public bool Contains(uint number) => number >= First && number <= Last;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");

    /// <summary>Returns the range that was chosen before or is set, or else a free one, and claims it on this machine.</summary>
    /// <param name="wanted">The range of <c>PORTICO_UID_RANGE</c>; null for any.</param>
    /// <exception cref="EngineStartException">The range cannot be used.</exception>
    public static async Task<IdentityRange> ChooseAsync(EngineHome home, IdentityRange? wanted, TimeProvider time, CancellationToken cancellationToken)
    {
        using var held = await MachineLock.TakeAsync(time, cancellationToken);
        var claims = new IdentityClaims(home);
        var before = JsonFile.Read<IdentityRange>(home.IdentityRange);
        var range = wanted ?? before ?? Candidates(home.Tag).FirstOrDefault(candidate => candidate.Problem() is null && claims.Holder(candidate) is null)
            ?? throw new EngineStartException("No range of account numbers is free on this machine. Set PORTICO_UID_RANGE.");
        var problem = range.Problem() ?? (claims.Holder(range) is { } holder ? $"the platform in {holder} uses it" : null);
        if (problem is not null)
            throw new EngineStartException($"The account numbers {range} cannot be used for workloads: {problem}. Set PORTICO_UID_RANGE to another range.");
        if (before != range)
            JsonFile.Write(home.IdentityRange, range);
        claims.Add(range);
        return range;
    }

    /// <returns>Why workloads cannot have these numbers; null if they can.</returns>
    public string? Problem()
    {
        if (First < LowestAllowed || Last > HighestAllowed || Last <= First)
            return string.Create(CultureInfo.InvariantCulture, $"it must lie between {LowestAllowed} and {HighestAllowed}, and have at least two numbers");
        foreach (var (file, name, number) in AccountFiles.SelectMany(Accounts))
            if (Contains(number))
                return string.Create(CultureInfo.InvariantCulture, $"'{name}' in {file} has the number {number}");
        foreach (var (file, name, first, count) in SubordinateFiles.SelectMany(Subordinates))
            if (first <= Last && (ulong)first + count > First)
                return string.Create(CultureInfo.InvariantCulture, $"{file} gives {first} to {(ulong)first + count - 1} to '{name}'");
        return null;
    }

    /// <summary>Returns ranges in an order that depends on the platform, so that two platforms choose different ones.</summary>
    private static IEnumerable<IdentityRange> Candidates(string tag)
    {
        const uint Count = (Highest - Lowest) / Size;
        var start = uint.Parse(tag[..8], NumberStyles.HexNumber, CultureInfo.InvariantCulture) % Count;
        for (uint i = 0; i < Count; i++)
        {
            var first = Lowest + ((start + i) % Count * Size);
            yield return new IdentityRange(first, first + Size - 1);
        }
    }

    private static IEnumerable<(string File, string Name, uint Number)> Accounts(string file) =>
        from fields in Fields(file)
        where fields.Length > 2 && uint.TryParse(fields[2], CultureInfo.InvariantCulture, out _)
        select (file, fields[0], uint.Parse(fields[2], CultureInfo.InvariantCulture));

    private static IEnumerable<(string File, string Name, uint First, uint Count)> Subordinates(string file) =>
        from fields in Fields(file)
        where fields.Length == 3 && uint.TryParse(fields[1], CultureInfo.InvariantCulture, out _) && uint.TryParse(fields[2], CultureInfo.InvariantCulture, out _)
        select (file, fields[0], uint.Parse(fields[1], CultureInfo.InvariantCulture), uint.Parse(fields[2], CultureInfo.InvariantCulture));

    private static IEnumerable<string[]> Fields(string file) => File.Exists(file) ? File.ReadLines(file).Select(line => line.Split(':')) : [];
}
