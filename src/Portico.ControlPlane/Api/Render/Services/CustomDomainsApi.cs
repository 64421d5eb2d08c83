using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Domains;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.Core.Ids;
using Portico.Core.Services;

namespace Portico.ControlPlane.Api.Render.Services;

/// <summary>The custom domains of a service, by name or id.</summary>
internal static class CustomDomainsApi
{
    private const string What = "custom domain";
    private const int UniqueViolation = 2067;

    public static void MapCustomDomains(this IEndpointRouteBuilder routes)
    {
        var domains = routes.MapGroup("/services/{serviceId}/custom-domains");
        domains.MapGet("", ListAsync).Needs(Permission.View).Is("list-custom-domains");
        domains.MapPost("", CreateAsync).Needs(Permission.Manage).Is("create-custom-domain",
            "Custom domains are served over http only; Portico does not issue certificates yet.");
        domains.MapGet("/{customDomainNameOrID}", GetAsync).Needs(Permission.View).Is("retrieve-custom-domain");
        domains.MapDelete("/{customDomainNameOrID}", DeleteAsync).Needs(Permission.Manage).Is("delete-custom-domain");
        domains.MapPost("/{customDomainNameOrID}/verify", VerifyAsync).Needs(Permission.Manage).Is("refresh-custom-domain");
    }

    private static async Task<Ok<IReadOnlyList<CustomDomainWithCursor>>> ListAsync(
        string serviceId, Caller caller, Query query, Paging paging, PorticoDb db, CancellationToken cancellationToken)
    {
        var service = await db.Services.AsNoTracking().GetServiceAsync(caller, serviceId, cancellationToken);
        var apex = query.List<bool>("domainType", text => text switch { "apex" => true, "subdomain" => false, _ => null }, "use apex or subdomain");
        var verified = query.List<bool>(
            "verificationStatus", text => text switch { "verified" => true, "unverified" => false, _ => null }, "use verified or unverified");
        var rows = db.CustomDomains.AsNoTracking().Where(row => row.ServiceId == service.Id)
            .Between(query, "created", row => row.CreatedAt)
            .Among([.. query.List("name").Select(name => name.ToLowerInvariant())], row => row.Name)
            .Among(verified, row => row.VerifiedAt != null);
        var page = await rows.PageAsync(
            paging.OldestFirst<CustomDomainId>(), row => row.Id,
            apex.Count == 0 ? null : row => apex.Contains(DomainNames.IsApex(row.Name)), cancellationToken);
        return page.Answer(row => new CustomDomainWithCursor(ToWire(row, service), Paging.Cursor(row.Id)));
    }

    private static async Task<Created<IReadOnlyList<CustomDomain>>> CreateAsync(
        string serviceId, CustomDomainPost input, Caller caller, PorticoDb db, CustomDomains domains, Wakeups wakeups,
        CancellationToken cancellationToken)
    {
        var service = await db.Services.AsNoTracking().GetServiceAsync(caller, serviceId, cancellationToken);
        if (!service.Type.IsPublic())
            throw Refusal.Invalid($"serviceId: '{service.Name}' is a {service.Type.Name()}, which can't have custom domains.");
        var name = input.Name.ToLowerInvariant();
        if (await domains.ExplainAsync(db, name, cancellationToken) is { } problem)
            throw Refusal.Invalid($"name: {problem}");
        var added = await domains.AddAsync(db, service, [name], cancellationToken);
        await SaveAsync(db, name, cancellationToken);
        wakeups.Signal();
        return TypedResults.Created(
            $"/v1/services/{service.Id}/custom-domains/{name}", (IReadOnlyList<CustomDomain>)[.. added.Select(row => ToWire(row, service))]);
    }

    private static async Task<Ok<CustomDomain>> GetAsync(
        string serviceId, string customDomainNameOrID, Caller caller, PorticoDb db, CancellationToken cancellationToken)
    {
        var (service, row) = await FindAsync(db, caller, serviceId, customDomainNameOrID, cancellationToken);
        return TypedResults.Ok(ToWire(row, service));
    }

    private static async Task<NoContent> DeleteAsync(
        string serviceId, string customDomainNameOrID, Caller caller, PorticoDb db, Wakeups wakeups, CancellationToken cancellationToken)
    {
        var (_, row) = await FindAsync(db, caller, serviceId, customDomainNameOrID, cancellationToken);
        // With what was added beside it: nobody asked for that alone.
        await db.CustomDomains.Where(item => item.Id == row.Id || (item.ServiceId == row.ServiceId && item.RedirectForName == row.Name))
            .ExecuteDeleteAsync(cancellationToken);
        wakeups.Signal();
        return TypedResults.NoContent();
    }

    private static async Task<Accepted> VerifyAsync(
        string serviceId, string customDomainNameOrID, Caller caller, PorticoDb db, Wakeups wakeups, TimeProvider time,
        CancellationToken cancellationToken)
    {
        var (_, row) = await FindAsync(db, caller, serviceId, customDomainNameOrID, cancellationToken);
        var now = time.GetUtcNow();
        await db.CustomDomains.Where(item => item.Id == row.Id).ExecuteUpdateAsync(
            set => set.SetProperty(item => item.CheckAt, now).SetProperty(item => item.Version, item => item.Version + 1), cancellationToken);
        wakeups.Signal();
        return TypedResults.Accepted((string?)null);
    }

    private static async Task<(ServiceRow Service, CustomDomainRow Row)> FindAsync(
        PorticoDb db, Caller caller, string serviceId, string nameOrId, CancellationToken cancellationToken)
    {
        var service = await db.Services.AsNoTracking().GetServiceAsync(caller, serviceId, cancellationToken);
        var name = nameOrId.ToLowerInvariant();
        var row = await db.CustomDomains.AsNoTracking().FirstOrDefaultAsync(
            item => item.ServiceId == service.Id && (item.Id == nameOrId || item.Name == name), cancellationToken);
        return (service, row ?? throw Refusal.NotFound(What, nameOrId));
    }

    private static async Task SaveAsync(PorticoDb db, string name, CancellationToken cancellationToken)
    {
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (exception.InnerException is SqliteException { SqliteExtendedErrorCode: UniqueViolation })
        {
            throw CustomDomains.Taken(name);
        }
    }

    private static CustomDomain ToWire(CustomDomainRow row, ServiceRow service) => new()
    {
        Id = row.Id,
        Name = row.Name,
        DomainType = DomainNames.IsApex(row.Name) ? "apex" : "subdomain",
        PublicSuffix = DomainNames.PublicSuffix(row.Name),
        RedirectForName = row.RedirectForName ?? "",
        VerificationStatus = row.VerifiedAt is null ? "unverified" : "verified",
        CreatedAt = row.CreatedAt,
        Server = new CustomDomainServer(service.Id, service.Name),
    };
}
