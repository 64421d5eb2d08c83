using System.Globalization;
using Portico.Core.Engines;

namespace Portico.Engines.Process.Network;

/// <summary>Chooses the addresses of the private network.</summary>
internal static class RangeChoice
{
    private const int UsualPrefix = 16;
    private const uint Ten = 10u << 24, First = 200, Count = 55;

    /// <summary>Blocks for private use that are tried when all others are in use.</summary>
    private const uint Second = (172u << 24) | (16u << 16), SecondCount = 16;

    /// <exception cref="EngineStartException">The setting is not a range, or the machine uses it.</exception>
    /// <returns>Null if the machine uses every block.</returns>
    /// <param name="setting">The value of <c>PORTICO_NETWORK</c>; null if it is not set.</param>
    /// <param name="kept">The range that was chosen before.</param>
    /// <param name="hasWorkloads">Whether workloads that have addresses in the kept range are running.</param>
    /// <param name="used">The blocks that the machine uses for something else, with the text for users.</param>
    public static AddressBlock? Choose(string? setting, AddressBlock? kept, bool hasWorkloads, IReadOnlyList<UsedBlock> used, string tag)
    {
        if (kept is { } before && hasWorkloads)
            return before;
        if (setting is not null)
            return Check(setting, used);
        if (kept is { } free && IsFree(free, used))
            return free;
        return Candidates(tag).Where(block => IsFree(block, used)).Cast<AddressBlock?>().FirstOrDefault();
    }

    private static AddressBlock Check(string setting, IReadOnlyList<UsedBlock> used)
    {
        if (AddressBlock.Parse(setting) is not { Prefix: >= NetworkPlan.ShortestPrefix and <= NetworkPlan.LongestPrefix } block)
            throw new EngineStartException(string.Create(
                CultureInfo.InvariantCulture,
                $"PORTICO_NETWORK must be a range of IPv4 addresses with a prefix from /{NetworkPlan.ShortestPrefix} to /{NetworkPlan.LongestPrefix}, such as 10.201.0.0/16; it is '{setting}'."));
        return used.FirstOrDefault(other => other.Block.Overlaps(block)) is { } conflict
            ? throw new EngineStartException($"PORTICO_NETWORK is {block}, which contains addresses of {conflict.User}. Choose another range.")
            : block;
    }

    private static bool IsFree(AddressBlock block, IReadOnlyList<UsedBlock> used) => used.All(other => !other.Block.Overlaps(block));

    /// <summary>Returns blocks for private use, beginning at a different one for each platform, so that two that start at once differ.</summary>
    private static IEnumerable<AddressBlock> Candidates(string tag)
    {
        var start = uint.Parse(tag[..6], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        for (var i = 0u; i < Count; i++)
            yield return new AddressBlock(Ten | ((First + ((start + i) % Count)) << 16), UsualPrefix);
        for (var i = 0u; i < SecondCount; i++)
            yield return new AddressBlock(Second + (((start + i) % SecondCount) << 16), UsualPrefix);
    }
}

/// <param name="User">Who uses it, as text for users.</param>
internal sealed record UsedBlock(AddressBlock Block, string User);
