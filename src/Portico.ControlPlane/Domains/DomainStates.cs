using System.Net;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Outbound;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Domains;

/// <summary>Explains how far each custom domain of a service is on its way: added, in DNS, leading here, served.</summary>
internal sealed class DomainStates(IHostLookup hosts, PlatformAddresses addresses, PlatformSettings settings)
{
    /// <summary>One that is looked up in vain takes seconds, so others wait for the next time.</summary>
    private const int MostLookedUp = 20;

    private const string Local = "localhost";

    public async Task<ServiceDomains> ReadAsync(PorticoDb db, ServiceRow service, CancellationToken cancellationToken)
    {
        var rows = await db.CustomDomains.AsNoTracking().Where(row => row.ServiceId == service.Id).OrderBy(row => row.Id).ToListAsync(cancellationToken);
        var host = settings.HostOf(service.Slug);
        if (rows.Count == 0)
            return new ServiceDomains(host, settings.UrlOf(service.Slug), [], null);
        var (all, advertised) = (await addresses.AllAsync(cancellationToken), await addresses.AdvertisedAsync(cancellationToken));
        var open = rows.Where(row => row.VerifiedAt is null).Take(MostLookedUp);
        var found = (await Task.WhenAll(open.Select(async row => (row.Id, Addresses: await hosts.FindAsync(DomainNames.Probe(row), cancellationToken)))))
            .ToDictionary(item => item.Id, item => item.Addresses);
        return new ServiceDomains(
            host, settings.UrlOf(service.Slug), [.. rows.Select(row => Describe(row, host, found.GetValueOrDefault(row.Id, []), all, advertised))], NoteOn(advertised));
    }

    private DomainState Describe(CustomDomainRow row, string host, IReadOnlyList<IPAddress> found, HashSet<IPAddress> all, IReadOnlyList<IPAddress> advertised)
    {
        var state = row.VerifiedAt is not null ? "served" : found.Count == 0 ? "not_found" : found.Any(all.Contains) ? "found" : "elsewhere";
        return new DomainState
        {
            Id = row.Id,
            Name = row.Name,
            Url = settings.HttpPort == 80 ? $"http://{row.Name}" : $"http://{row.Name}:{settings.HttpPort}",
            RedirectsTo = row.RedirectForName,
            State = state,
            Explanation = Explain(row, state, found),
            Addresses = [.. found.Select(address => address.ToString())],
            Records = DomainNames.IsLocal(row.Name) ? [] : RecordsOf(row, host, advertised),
            CreatedAt = row.CreatedAt,
            VerifiedAt = row.VerifiedAt,
            CheckAt = row.VerifiedAt is null ? row.CheckAt : null,
        };
    }

    private static string Explain(CustomDomainRow row, string state, IReadOnlyList<IPAddress> found) => state switch
    {
        "served" when DomainNames.IsLocal(row.Name) => "Browsers on this machine reach it without DNS.",
        "served" when row.RedirectForName is { } target => $"It redirects to {target}.",
        "served" => "DNS leads it here, and requests for it reach this service.",
        "found" => "DNS leads it here. It is served after the next check.",
        "elsewhere" => $"DNS leads it to {string.Join(", ", found.Take(3))}, which is not this machine. Change its records to one of those below; DNS can keep the old ones for hours.",
        _ when row.IsWildcard => "DNS has no address for the names below it. Create one of the records below where the domain is managed.",
        _ => "DNS has no address for it. Create one of the records below where the domain is managed; it can take minutes until DNS knows them.",
    };

    /// <summary>An alias stays right when the machine's address changes, but DNS allows none for a registered domain itself.</summary>
    private List<DnsRecord> RecordsOf(CustomDomainRow row, string host, IReadOnlyList<IPAddress> advertised)
    {
        var records = new List<DnsRecord>();
        if (settings.Domain != Local && !DomainNames.IsApex(row.Name))
            records.Add(new DnsRecord("CNAME", row.Name, host));
        records.AddRange(advertised.Select(address => new DnsRecord(address.AddressFamily == AddressFamily.InterNetwork ? "A" : "AAAA", row.Name, address.ToString())));
        return records;
    }

    private static string? NoteOn(IReadOnlyList<IPAddress> advertised) => advertised.Any(OutboundAddresses.IsOfInternet)
        ? null
        : "This machine knows only addresses of its own network. For visitors from the internet, use the public address of your router, and forward the port to this machine.";
}
