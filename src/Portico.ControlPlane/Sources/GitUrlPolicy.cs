using System.Net;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Outbound;
using Portico.ControlPlane.State;
using Portico.Core.Sources;

namespace Portico.ControlPlane.Sources;

/// <summary>
/// Decides whether git may connect to a URL. A host name with a non-public address is refused unless the operator allows it.
/// Literal addresses of this machine or its network are allowed only in workspaces of the machine's owner.
/// </summary>
internal sealed class GitUrlPolicy(IHostLookup hosts, OutboundAddresses addresses, IDbContextFactory<PorticoDb> databases)
{
    /// <returns>The address to connect to; null if git looks it up itself.</returns>
    /// <exception cref="GitException">The URL is not allowed.</exception>
    public async Task<IPAddress?> RequireAsync(string url, string workspace, CancellationToken cancellationToken)
    {
        if (GitUrl.HostIn(url) is not { Length: > 0 } host)
            return null;
        if (addresses.RefusesByName(host))
            return await IsOfOwnerAsync(workspace, cancellationToken) ? null : throw new GitException(OutboundUrl.NotPublic(host));
        var found = await hosts.FindAsync(host, cancellationToken);
        // Behind a proxy, names are the proxy's to look up.
        if (found.Count == 0)
            return null;
        return found.FirstOrDefault(addresses.Allows) ?? throw new GitException(OutboundUrl.NotPublic(host));
    }

    /// <summary>Checks a URL that no user entered, so that the exception for the machine's owner does not apply.</summary>
    /// <exception cref="GitException">The URL is not allowed.</exception>
    public async Task RequirePublicAsync(string url, CancellationToken cancellationToken)
    {
        var host = GitUrl.HostIn(url) ?? throw new GitException("the URL has no host.");
        if (addresses.RefusesByName(host))
            throw new GitException(OutboundUrl.NotPublic(host));
        var found = await hosts.FindAsync(host, cancellationToken);
        if (found.Count > 0 && !found.Any(addresses.Allows))
            throw new GitException(OutboundUrl.NotPublic(host));
    }

    private async Task<bool> IsOfOwnerAsync(string workspace, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Members.AnyAsync(
            member => member.WorkspaceId == workspace && db.Users.Any(user => user.Id == member.UserId && user.IsOwner), cancellationToken);
    }
}
