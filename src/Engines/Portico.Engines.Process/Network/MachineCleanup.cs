namespace Portico.Engines.Process.Network;

/// <summary>Removes from the machine what a platform set on it: packet rules, addresses, routes and forwarding.</summary>
internal static class MachineCleanup
{
    /// <summary>Removes what platforms left behind whose home has been deleted.</summary>
    public static async Task RemoveAbandonedAsync(CancellationToken cancellationToken)
    {
        foreach (var (tag, claim) in PlatformClaims.Read().Where(found => !Directory.Exists(found.Claim.Home)))
            await RemoveAsync(tag, claim, cancellationToken);
    }

    /// <summary>Removes everything of one platform. What is gone already is left out.</summary>
    public static async Task RemoveAsync(string tag, PlatformClaim claim, CancellationToken cancellationToken)
    {
        if (NetworkTools.Find().Tools is { } tools)
        {
            await Tool.RunAsync([tools.Nft, $"delete table inet portico_{tag}"], cancellationToken);
            if (claim.Range is not null && AddressBlock.Parse(claim.Range) is { } range)
                await RemoveNetworkAsync(tools, new NetworkPlan(tag, range, 0), claim, cancellationToken);
        }
        PlatformClaims.Delete(tag);
    }

    private static async Task RemoveNetworkAsync(NetworkTools tools, NetworkPlan plan, PlatformClaim claim, CancellationToken cancellationToken)
    {
        var listed = await Tool.RunAsync([tools.Nft, "-j", "-a", "-t", "list", "ruleset"], cancellationToken);
        if (PacketFilter.Parse(listed) is { } ruleset)
            foreach (var command in OtherFirewalls.Removal(ruleset, plan.Tag))
                await Tool.RunAsync([tools.Nft, command], cancellationToken);
        await Tool.RunAsync([tools.Ip, "route", "del", "local", plan.Upper.ToString(), "dev", "lo"], cancellationToken);
        foreach (var address in (string[])[plan.Gateway, plan.ExternalSource])
            await Tool.RunAsync([tools.Ip, "addr", "del", $"{address}/32", "dev", "lo"], cancellationToken);
        // Forwarding of all devices would be somebody else's.
        if (Forwarding.IsOnEverywhere)
            return;
        var shared = PlatformClaims.Read().Where(other => other.Tag != plan.Tag).SelectMany(other => other.Claim.Devices).ToHashSet(StringComparer.Ordinal);
        foreach (var device in claim.Devices.Where(device => !shared.Contains(device)))
            Forwarding.Set(device, on: false);
    }
}
