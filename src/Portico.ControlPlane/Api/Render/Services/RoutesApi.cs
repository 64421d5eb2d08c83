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
using Route = Portico.Api.Contracts.Render.Route;

namespace Portico.ControlPlane.Api.Render.Services;

/// <summary>The redirects and rewrites of a static site, in order. A change takes effect at once, without a deploy.</summary>
internal static class RoutesApi
{
    public static void MapRoutes(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/services/{serviceId}/routes");
        group.MapGet("", ListAsync).Needs(Permission.View).Is("list-routes");
        group.MapPost("", AddAsync).Needs(Permission.Manage).Is("add-route");
        group.MapPut("", ReplaceAsync).Needs(Permission.Manage).Is("put-routes");
        group.MapPatch("/{routeId}", MoveAsync).Needs(Permission.Manage).Is("patch-route");
        group.MapDelete("/{routeId}", DeleteAsync).Needs(Permission.Manage).Is("delete-route");
    }

    private static async Task<Ok<IReadOnlyList<RouteWithCursor>>> ListAsync(
        string serviceId, Caller caller, Query query, Paging paging, PorticoDb db, CancellationToken cancellationToken)
    {
        var site = await db.Services.AsNoTracking().GetServiceAsync(caller, serviceId, cancellationToken);
        site.RequireSite();
        var types = query.List<bool>("type", text => text switch { "redirect" => true, "rewrite" => false, _ => null }, "use redirect or rewrite");
        var rules = SiteRules.Routes(site.Id, site.Settings.Routes);
        var sources = new CommaFilter(query.Texts("source"), rules.Select(route => route.Source));
        var destinations = new CommaFilter(query.Texts("destination"), rules.Select(route => route.Destination));
        var page = rules.Page(paging, route => route.Id, route =>
            (types.Count == 0 || types.Contains(route.Type == "redirect")) && sources.Admits(route.Source) && destinations.Admits(route.Destination));
        return page.Answer(item => new RouteWithCursor(item.Item, ListPosition.Cursor(item.Position, item.Item.Id)));
    }

    private static async Task<Created<Route>> AddAsync(
        string serviceId, RoutePost body, Caller caller, PorticoDb db, ServiceWrites writes, CancellationToken cancellationToken)
    {
        RequirePriority(body.Priority);
        var route = SiteRules.ToSetting(body, "");
        var at = 0;
        var site = await writes.UpdateSiteAsync(db, caller, serviceId, row =>
        {
            var routes = (row.Settings.Routes ?? []).ToList();
            at = Math.Min(body.Priority ?? routes.Count, routes.Count);
            routes.Insert(at, route);
            return row.Settings with { Routes = routes };
        }, SiteRules.FieldOfOne, cancellationToken);
        return TypedResults.Created((string?)null, SiteRules.Routes(site.Id, site.Settings.Routes)[at]);
    }

    private static async Task<Results<Ok<IReadOnlyList<Route>>, ContentHttpResult>> ReplaceAsync(
        string serviceId, IReadOnlyList<RoutePut> body, Caller caller, PorticoDb db, ServiceWrites writes, CancellationToken cancellationToken)
    {
        var routes = body.Select((route, i) => SiteRules.ToSetting(route, $"[{i}]")).ToList();
        var site = await writes.UpdateSiteAsync(
            db, caller, serviceId, row => row.Settings with { Routes = routes.Count > 0 ? routes : null }, SiteRules.FieldOfList, cancellationToken);
        return EmptyIsNull.Answer<Route>(SiteRules.Routes(site.Id, site.Settings.Routes));
    }

    private static async Task<Ok<MovedRoute>> MoveAsync(
        string serviceId, string routeId, RoutePatch body, Caller caller, PorticoDb db, ServiceWrites writes, CancellationToken cancellationToken)
    {
        RequirePriority(body.Priority);
        var to = 0;
        var site = await writes.UpdateSiteAsync(db, caller, serviceId, row =>
        {
            var routes = (row.Settings.Routes ?? []).ToList();
            var from = IndexOf(row.Id, row.Settings, routeId);
            var route = routes[from];
            routes.RemoveAt(from);
            to = Math.Min(body.Priority, routes.Count);
            routes.Insert(to, route);
            return row.Settings with { Routes = routes };
        }, SiteRules.FieldOfOne, cancellationToken);
        return TypedResults.Ok(new MovedRoute(SiteRules.Routes(site.Id, site.Settings.Routes)[to]));
    }

    private static async Task<NoContent> DeleteAsync(
        string serviceId, string routeId, Caller caller, PorticoDb db, ServiceWrites writes, CancellationToken cancellationToken)
    {
        await writes.UpdateSiteAsync(db, caller, serviceId, row =>
        {
            var at = IndexOf(row.Id, row.Settings, routeId);
            var rest = row.Settings.Routes!.Where((_, i) => i != at).ToList();
            return row.Settings with { Routes = rest.Count > 0 ? rest : null };
        }, SiteRules.FieldOfList, cancellationToken);
        return TypedResults.NoContent();
    }

    private static int IndexOf(string site, ServiceSettings settings, string routeId)
    {
        var at = SiteRules.Routes(site, settings.Routes).FindIndex(route => route.Id == routeId);
        return at >= 0 ? at : throw Refusal.NotFound("route", routeId);
    }

    private static void RequirePriority(int? priority)
    {
        if (priority < 0)
            throw Refusal.Invalid("priority: must be 0 or more; the route with priority 0 is matched first.");
    }
}
