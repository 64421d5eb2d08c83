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
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.Core.Ids;
using Portico.Core.Sources;
using WireBlueprint = Portico.Api.Contracts.Render.Blueprint;

namespace Portico.ControlPlane.Api.Render.Blueprints;

/// <summary>The applied Blueprints, and the history of their syncs.</summary>
internal static class BlueprintsApi
{
    private const string Differs = "Blueprints are those applied with `portico up` or `git push`";

    public static void MapRenderBlueprints(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/blueprints", ListAsync).Needs(Permission.View).Is("list-blueprints", Differs);
        routes.MapGet("/blueprints/{blueprintId}", GetAsync).Needs(Permission.View).Is("retrieve-blueprint");
        routes.MapPatch("/blueprints/{blueprintId}", UpdateAsync).Needs(Permission.Manage).Is("update-blueprint");
        routes.MapDelete("/blueprints/{blueprintId}", DisconnectAsync).Needs(Permission.Manage).Is("disconnect-blueprint");
        routes.MapGet("/blueprints/{blueprintId}/syncs", ListSyncsAsync).Needs(Permission.View).Is("list-blueprint-syncs");
        routes.MapPost("/blueprints/validate", BlueprintValidator.ValidateAsync).Needs(Permission.View).Is("validate-blueprint");
    }

    private static async Task<Ok<IReadOnlyList<BlueprintWithCursor>>> ListAsync(
        Caller caller, Query query, Paging paging, PorticoDb db, CancellationToken cancellationToken)
    {
        var rows = db.Blueprints.AsNoTracking().VisibleTo(caller, query.List("ownerId"));
        var page = await rows.PageAsync(paging.OldestFirst<BlueprintId>(), row => row.Id, cancellationToken);
        var failed = await BlueprintWire.FailedAsync(db, [.. page.Select(row => row.Id)], cancellationToken);
        return page.Answer(row => new BlueprintWithCursor(BlueprintWire.ToWire(row, failed.Contains(row.Id)), Paging.Cursor(row.Id)));
    }

    private static async Task<Ok<BlueprintDetail>> GetAsync(string blueprintId, Caller caller, PorticoDb db, CancellationToken cancellationToken) =>
        TypedResults.Ok(await BlueprintWire.ToDetailAsync(db, await FindAsync(db, caller, blueprintId, cancellationToken), cancellationToken));

    private static async Task<Ok<WireBlueprint>> UpdateAsync(
        string blueprintId, BlueprintPatch request, Caller caller, PorticoDb db, CancellationToken cancellationToken)
    {
        var blueprint = await db.EditAsync(async () =>
        {
            var row = await FindAsync(db, caller, blueprintId, cancellationToken);
            row.Name = request.Name.IsSet ? IdentityText.Name("name", request.Name.Value) : row.Name;
            row.Path = request.Path.IsSet ? BlueprintWire.RequirePath(request.Path.Value) : row.Path;
            if (request.AutoSync.Value && !GitUrl.IsRemote(row.Repo))
                throw Refusal.Invalid("autoSync: this Blueprint comes from a directory, so there is no branch to follow. Push it with `git push`, or run `portico up` in a clone of its repository.");
            row.AutoSync = request.AutoSync.IsSet ? request.AutoSync.Value : row.AutoSync;
            // Whoever chooses what is applied lends it their rights.
            if (request.AutoSync.IsSet || request.Path.IsSet)
                row.SyncUserId = row.AutoSync ? caller.UserId : null;
            row.Version++;
            await db.SaveChangesAsync(cancellationToken);
            return row;
        });
        var failed = await BlueprintWire.FailedAsync(db, [blueprint.Id], cancellationToken);
        return TypedResults.Ok(BlueprintWire.ToWire(blueprint, failed.Count > 0));
    }

    /// <summary>Disconnects a Blueprint. The resources that it created are kept.</summary>
    private static async Task<NoContent> DisconnectAsync(string blueprintId, Caller caller, PorticoDb db, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var row = await FindAsync(db, caller, blueprintId, cancellationToken);
        await db.Syncs.Where(item => item.BlueprintId == row.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(item => item.BlueprintId, (string?)null), cancellationToken);
        await db.DeleteBelongingsAsync<BlueprintRow>(row.Id, cancellationToken);
        await db.Blueprints.Where(item => item.Id == row.Id).ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<IReadOnlyList<SyncWithCursor>>> ListSyncsAsync(
        string blueprintId, Caller caller, Paging paging, PorticoDb db, CancellationToken cancellationToken)
    {
        var blueprint = await FindAsync(db, caller, blueprintId, cancellationToken);
        var rows = db.Syncs.AsNoTracking().Where(row => row.BlueprintId == blueprint.Id);
        var page = await rows.PageAsync(paging.NewestFirst<SyncId>(), row => row.Id, cancellationToken);
        return page.Answer(row => new SyncWithCursor(BlueprintWire.ToWire(row), Paging.Cursor(row.Id)));
    }

    private static Task<BlueprintRow> FindAsync(PorticoDb db, Caller caller, string id, CancellationToken cancellationToken) =>
        db.Blueprints.GetAsync(caller, row => row.Id == id, "Blueprint", id, cancellationToken);
}
