namespace Portico.Engines.Process.Network;

/// <summary>Gives addresses to workloads. An address that has become free is used again as late as possible.</summary>
/// <param name="first">Where the search begins: a random number, so that the addresses of an earlier engine are not the first to be used again.</param>
internal sealed class AddressPool(NetworkPlan plan, uint first)
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private uint _next = plan.Offsets.First + (first % (plan.Offsets.Last - plan.Offsets.First + 1));

    /// <exception cref="IOException">All are in use.</exception>
    public string Take()
    {
        var (lowest, highest) = plan.Offsets;
        lock (_lock)
            for (var tries = lowest; tries <= highest; tries++)
            {
                var address = plan.Range.At(_next);
                _next = _next == highest ? lowest : _next + 1;
                if (_used.Add(address))
                    return address;
            }
        throw new IOException($"All {highest - lowest + 1} addresses of the private network {plan.Range} are in use. Choose a larger range with PORTICO_NETWORK.");
    }

    /// <summary>Takes an address that the caller chose, or that a workload of an earlier engine has.</summary>
    /// <exception cref="ArgumentException">No workload can have it.</exception>
    public string Take(string address)
    {
        if (AddressBlock.Parse(address) is not { Prefix: 32 } one || !plan.Lower.Contains(one.First) || one.First - plan.Range.First < plan.Offsets.First)
            throw new ArgumentException($"The address {address} is not one of workloads in the private network {plan.Range}.", nameof(address));
        lock (_lock)
            _used.Add(address);
        return address;
    }

    public void Free(string address)
    {
        lock (_lock)
            _used.Remove(address);
    }
}
