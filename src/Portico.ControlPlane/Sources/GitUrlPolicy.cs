using System.Net;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Outbound;
using Portico.ControlPlane.State;
using Portico.Core.Sources;

namespace Portico.ControlPlane.Sources;

/// <summary>
/// Decides whether git may connect to a URL, and to which addresses. All users may name public addresses and those that the
/// operator allows. Only the machine's owner may name this machine, a literal address in its network or a directory, and only
/// for a URL that the owner has set.
/// </summary>
internal sealed class GitUrlPolicy(IHostLookup hosts, OutboundAddresses addresses, IDbContextFactory<PorticoDb> databases)
{
    /// <returns>The checked addresses: git must connect to one of them; null for a directory of this machine.</returns>
    /// <exception cref="GitException">The URL is not allowed, or its host has no address.</exception>
    public async Task<IReadOnlyList<IPAddress>?> RequireAsync(GivenRepository repository, CancellationToken cancellationToken)
    {
        var isOwner = await IsOwnerAsync(repository, cancellationToken);
        if (GitUrl.IsRemote(repository.Url))
            return await RequireAsync(repository.Url, isOwner, cancellationToken);
        return isOwner ? null : throw new GitException("only the owner of this machine can build from its directories. Use an https or ssh URL.");
    }

    /// <summary>Checks a URL that no user entered, so that the exception for the machine's owner does not apply.</summary>
    /// <inheritdoc cref="RequireAsync(GivenRepository, CancellationToken)"/>
    public Task<IReadOnlyList<IPAddress>> RequirePublicAsync(string url, CancellationToken cancellationToken) =>
        GitUrl.IsRemote(url) ? RequireAsync(url, isOwner: false, cancellationToken) : throw new GitException("the URL has no host.");

    /// <summary>Whether git may use the machine's own SSH keys: for what the owner set in the owner's own workspace.</summary>
    public async Task<bool> MayUseOwnKeysAsync(GivenRepository repository, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await FirstWorkspace.IdAsync(db, cancellationToken) == repository.Workspace && await IsOwnerAsync(repository, cancellationToken);
    }

    private async Task<IReadOnlyList<IPAddress>> RequireAsync(string url, bool isOwner, CancellationToken cancellationToken)
    {
        var host = GitUrl.HostIn(url) is { Length: > 0 } given && GitUrl.IsPlain(url) ? given : throw new GitException("the URL is not valid.");
        // A name that DNS gives an address in this network may get it from a stranger, so the owner names such places literally.
        var (found, exception) = (await FindAsync(host, cancellationToken), isOwner && addresses.RefusesByName(host));
        if (found.Count == 0)
            throw new GitException($"DNS has no address for '{host}'.");
        IPAddress[] allowed = [.. found.Where(address => exception ? addresses.AllowsOwner(address) : addresses.Allows(address))];
        return allowed.Length > 0 ? allowed : throw new GitException(addresses.Explain(host));
    }

    private async Task<IReadOnlyList<IPAddress>> FindAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host.Trim('[', ']'), out var literal))
            return [literal];
        return OutboundAddresses.IsLocal(host) ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : await hosts.FindAsync(host, cancellationToken);
    }

    private async Task<bool> IsOwnerAsync(GivenRepository repository, CancellationToken cancellationToken)
    {
        if (repository.SetBy is not { } user)
            return false;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Users.AnyAsync(row => row.Id == user && row.IsOwner, cancellationToken);
    }
}
