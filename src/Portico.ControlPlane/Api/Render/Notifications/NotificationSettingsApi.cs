using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Render.Services;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.State;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api.Render.Notifications;

/// <summary>The notification settings of a workspace, and the overrides of single services.</summary>
internal static class NotificationSettingsApi
{
    private const string Differs = "email is sent only if the operator configured a mail server (`PORTICO_SMTP_URL`); Slack and notifications of previews are not supported";
    private const string Default = "default";

    public static void MapNotificationSettings(this IEndpointRouteBuilder routes)
    {
        var settings = routes.MapGroup("/notification-settings");
        settings.MapGet("/owners/{ownerId}", GetAsync).Needs(Permission.View).Is("retrieve-owner-notification-settings", Differs);
        settings.MapPatch("/owners/{ownerId}", UpdateAsync).Needs(Permission.Administer).Is("patch-owner-notification-settings", Differs);
        settings.MapGet("/overrides", ListAsync).Needs(Permission.View).Is("list-notification-overrides", Differs);
        settings.MapGet("/overrides/services/{serviceId}", GetOverrideAsync).Needs(Permission.View)
            .Is("retrieve-service-notification-overrides", Differs);
        settings.MapPatch("/overrides/services/{serviceId}", UpdateOverrideAsync).Needs(Permission.Manage)
            .Is("patch-service-notification-overrides", Differs);
    }

    private static async Task<Ok<NotificationSetting>> GetAsync(string ownerId, Caller caller, PorticoDb db, CancellationToken cancellationToken)
    {
        caller.RequireWorkspace(ownerId);
        return TypedResults.Ok(ToWire(await SettingsAsync(db, ownerId, cancellationToken)));
    }

    private static async Task<Ok<NotificationSetting>> UpdateAsync(
        string ownerId, NotificationSettingPatch request, Caller caller, PorticoDb db, CancellationToken cancellationToken)
    {
        caller.RequireWorkspace(ownerId);
        if (request.PreviewNotificationsEnabled.Or(false))
            throw NoPreviews();
        var level = request.NotificationsToSend.IsSet ? ParseLevel(request.NotificationsToSend.Value, "must be none, failure or all.") : null;
        var settings = await db.EditAsync(async () =>
        {
            var row = await SettingsAsync(db, ownerId, cancellationToken);
            row.EmailEnabled = request.EmailEnabled.Or(row.EmailEnabled);
            row.PreviewsEnabled = request.PreviewNotificationsEnabled.Or(row.PreviewsEnabled);
            row.Level = level ?? row.Level;
            if (db.Entry(row).State == EntityState.Detached)
                db.NotificationSettings.Add(row);
            row.Version++;
            await db.SaveChangesAsync(cancellationToken);
            return row;
        });
        return TypedResults.Ok(ToWire(settings));
    }

    private static async Task<Ok<IReadOnlyList<NotificationOverrideWithCursor>>> ListAsync(
        Caller caller, Query query, Paging paging, PorticoDb db, CancellationToken cancellationToken)
    {
        var rows = db.NotificationOverrides.AsNoTracking().VisibleTo(caller, query.List("ownerId"))
            .Where(row => (row.Level != null || row.PreviewsEnabled != null) && db.Services.Any(service => service.Id == row.ServiceId))
            .Among(query.List("serviceId"), row => row.ServiceId);
        var page = await rows.PageAsync(paging.Ascending(ServiceFilter.IsServiceId), row => row.ServiceId, cancellationToken);
        return page.Answer(row => new NotificationOverrideWithCursor(ToWire(row), Paging.Cursor(row.ServiceId)));
    }

    private static async Task<Ok<NotificationOverride>> GetOverrideAsync(
        string serviceId, Caller caller, PorticoDb db, CancellationToken cancellationToken)
    {
        var service = await db.Services.AsNoTracking().GetServiceAsync(caller, serviceId, cancellationToken);
        return TypedResults.Ok(ToWire(await OverrideAsync(db, service, cancellationToken)));
    }

    private static async Task<Ok<NotificationOverride>> UpdateOverrideAsync(
        string serviceId, NotificationOverridePatch request, Caller caller, PorticoDb db, CancellationToken cancellationToken)
    {
        var service = await db.Services.AsNoTracking().GetServiceAsync(caller, serviceId, cancellationToken);
        var level = ParseLevel(request.NotificationsToSend.Value ?? Default, "must be default, none, failure or all.", orDefault: true);
        var previews = ParsePreviews(request.PreviewNotificationsEnabled.Value ?? Default);
        var settings = await db.EditAsync(async () =>
        {
            var row = await OverrideAsync(db, service, cancellationToken);
            row.Level = request.NotificationsToSend.IsSet ? level : row.Level;
            row.PreviewsEnabled = request.PreviewNotificationsEnabled.IsSet ? previews : row.PreviewsEnabled;
            if (db.Entry(row).State == EntityState.Detached)
                db.NotificationOverrides.Add(row);
            row.Version++;
            await db.SaveChangesAsync(cancellationToken);
            return row;
        });
        return TypedResults.Ok(ToWire(settings));
    }

    private static async Task<NotificationSettingsRow> SettingsAsync(PorticoDb db, string workspace, CancellationToken cancellationToken) =>
        await db.NotificationSettings.FirstOrDefaultAsync(row => row.WorkspaceId == workspace, cancellationToken)
        ?? new NotificationSettingsRow { WorkspaceId = workspace };

    private static async Task<NotificationOverrideRow> OverrideAsync(PorticoDb db, ServiceRow service, CancellationToken cancellationToken) =>
        await db.NotificationOverrides.FirstOrDefaultAsync(row => row.ServiceId == service.Id, cancellationToken)
        ?? new NotificationOverrideRow { ServiceId = service.Id, WorkspaceId = service.WorkspaceId };

    private static NotificationLevel? ParseLevel(string? name, string expected, bool orDefault = false) => name switch
    {
        "none" => NotificationLevel.None,
        "failure" => NotificationLevel.Failure,
        "all" => NotificationLevel.All,
        Default when orDefault => null,
        _ => throw Refusal.Invalid($"notificationsToSend: {expected}"),
    };

    private static bool? ParsePreviews(string name) => name switch
    {
        Default => null,
        "true" => throw NoPreviews(),
        "false" => false,
        _ => throw Refusal.Invalid("previewNotificationsEnabled: must be default, true or false."),
    };

    private static RefusedException NoPreviews() =>
        Refusal.Invalid("previewNotificationsEnabled: can't be turned on, because Portico has no preview environments yet. Omit it or turn it off.");

    private static string NameOf(NotificationLevel level) => level switch
    {
        NotificationLevel.None => "none",
        NotificationLevel.Failure => "failure",
        _ => "all",
    };

    private static NotificationSetting ToWire(NotificationSettingsRow row) => new()
    {
        OwnerId = row.WorkspaceId,
        SlackEnabled = false,
        EmailEnabled = row.EmailEnabled,
        PreviewNotificationsEnabled = row.PreviewsEnabled,
        NotificationsToSend = NameOf(row.Level),
    };

    private static NotificationOverride ToWire(NotificationOverrideRow row) => new()
    {
        ServiceId = row.ServiceId,
        PreviewNotificationsEnabled = row.PreviewsEnabled switch { null => Default, true => "true", false => "false" },
        NotificationsToSend = row.Level is { } level ? NameOf(level) : Default,
    };
}
