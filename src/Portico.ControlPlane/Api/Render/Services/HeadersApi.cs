using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.Core.Services;

namespace Portico.ControlPlane.Api.Render.Services;

/// <summary>The response headers of a static site. A change takes effect at once, without a deploy.</summary>
internal static class HeadersApi
{
    public static void MapHeaders(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/services/{serviceId}/headers");
        group.MapGet("", ListAsync).Needs(Permission.View).Is("list-headers");
        group.MapPost("", AddAsync).Needs(Permission.Manage).Is("add-headers");
        group.MapPut("", ReplaceAsync).Needs(Permission.Manage).Is("update-headers");
        group.MapDelete("/{headerId}", DeleteAsync).Needs(Permission.Manage).Is("delete-header");
    }

    private static async Task<Ok<IReadOnlyList<HeaderWithCursor>>> ListAsync(
        string serviceId, Caller caller, Query query, Paging paging, PorticoDb db, CancellationToken cancellationToken)
    {
        var site = await db.Services.AsNoTracking().GetServiceAsync(caller, serviceId, cancellationToken);
        site.RequireSite();
        var headers = SiteRules.Headers(site.Id, site.Settings.Headers);
        var paths = new CommaFilter(query.Texts("path"), headers.Select(header => header.Path));
        var names = new CommaFilter(query.Texts("name"), headers.Select(header => header.Name));
        var values = new CommaFilter(query.Texts("value"), headers.Select(header => header.Value));
        var page = headers.Page(paging, header => header.Id, header =>
            paths.Admits(header.Path) && names.Admits(header.Name) && values.Admits(header.Value));
        return page.Answer(item => new HeaderWithCursor(item.Item, ListPosition.Cursor(item.Position, item.Item.Id)));
    }

    private static async Task<Created<AddedHeader>> AddAsync(
        string serviceId, HeaderInput body, Caller caller, PorticoDb db, ServiceWrites writes, CancellationToken cancellationToken)
    {
        var site = await writes.UpdateSiteAsync(
            db, caller, serviceId, row => row.Settings with { Headers = [.. row.Settings.Headers ?? [], SiteRules.ToSetting(body)] },
            SiteRules.FieldOfOne, cancellationToken);
        return TypedResults.Created((string?)null, new AddedHeader(SiteRules.Headers(site.Id, site.Settings.Headers)[^1]));
    }

    private static async Task<Results<Ok<IReadOnlyList<Header>>, ContentHttpResult>> ReplaceAsync(
        string serviceId, IReadOnlyList<HeaderInput> body, Caller caller, PorticoDb db, ServiceWrites writes, CancellationToken cancellationToken)
    {
        var headers = body.Select(SiteRules.ToSetting).ToList();
        var site = await writes.UpdateSiteAsync(
            db, caller, serviceId, row => row.Settings with { Headers = headers.Count > 0 ? headers : null }, SiteRules.FieldOfList, cancellationToken);
        return EmptyIsNull.Answer<Header>(SiteRules.Headers(site.Id, site.Settings.Headers));
    }

    private static async Task<NoContent> DeleteAsync(
        string serviceId, string headerId, Caller caller, PorticoDb db, ServiceWrites writes, CancellationToken cancellationToken)
    {
        await writes.UpdateSiteAsync(db, caller, serviceId, row => Without(row.Id, row.Settings, headerId), SiteRules.FieldOfList, cancellationToken);
        return TypedResults.NoContent();
    }

    private static ServiceSettings Without(string site, ServiceSettings settings, string headerId)
    {
        var at = SiteRules.Headers(site, settings.Headers).FindIndex(header => header.Id == headerId);
        if (at < 0)
            throw Refusal.NotFound("header", headerId);
        var rest = settings.Headers!.Where((_, i) => i != at).ToList();
        return settings with { Headers = rest.Count > 0 ? rest : null };
    }
}
