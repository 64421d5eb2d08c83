using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.Core.Ids;

namespace Portico.ControlPlane.Api.Access;

/// <summary>The name of an endpoint's event in the audit log.</summary>
/// <param name="Event">Render's name, or one that is built the same way.</param>
internal sealed record Audited(string Event);

/// <summary>Marks an endpoint that changes nothing.</summary>
internal sealed record ReadsOnly;

internal static class AuditEvents
{
    /// <summary>Names that Render uses. Other operations are named after their operation id.</summary>
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["add-disk"] = "CreateServerDiskEvent",
        ["add-or-update-secret-file"] = "UpdateEnvVarsEvent",
        ["add-resources-to-environment"] = "MoveEnvironmentResourceEvent",
        ["create-env-group"] = "CreateEnvVarsEvent",
        ["create-key-value"] = "CreateRedisEvent",
        ["create-service"] = "CreateServerEvent",
        ["delete-disk"] = "DeleteServerDiskEvent",
        ["delete-env-group-env-var"] = "DeleteEnvVarsEvent",
        ["delete-env-group-secret-file"] = "DeleteEnvVarsEvent",
        ["delete-env-var"] = "DeleteEnvVarsEvent",
        ["delete-key-value"] = "DeleteRedisEvent",
        ["delete-secret-file"] = "DeleteEnvVarsEvent",
        ["delete-service"] = "DeleteServerEvent",
        ["remove-resources-from-environment"] = "MoveEnvironmentResourceEvent",
        ["remove-workspace-member"] = "RemoveUserFromTeamEvent",
        ["restore-snapshot"] = "RestoreDiskSnapshotEvent",
        ["resume-key-value"] = "ResumeRedisEvent",
        ["suspend-key-value"] = "SuspendRedisEvent",
        ["update-env-group-env-var"] = "UpdateEnvVarsEvent",
        ["update-env-group-secret-file"] = "UpdateEnvVarsEvent",
        ["update-env-var"] = "UpdateEnvVarsEvent",
        ["update-env-vars-for-service"] = "UpdateEnvVarsEvent",
        ["update-key-value"] = "UpdateRedisEvent",
        ["update-secret-files-for-service"] = "UpdateEnvVarsEvent",
        ["update-workspace-member"] = "ChangeTeamMemberRoleEvent",
    };

    /// <summary>Names the event of an endpoint that is not an operation of Render's API.</summary>
    public static TBuilder IsAudited<TBuilder>(this TBuilder builder, string name) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new Audited(name));

    /// <summary>Marks an endpoint that changes nothing although its method is POST or PUT.</summary>
    public static TBuilder IsNoChange<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new ReadsOnly());

    /// <summary>Whether an endpoint makes changes. Endpoints that only read, and the fallback for unknown paths, do not.</summary>
    internal static bool IsChange(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<RenderOperation>()?.Id != "validate-blueprint"
        && endpoint.Metadata.GetMetadata<ReadsOnly>() is null
        && !endpoint.RoutePattern.Parameters.Any(parameter => parameter.IsCatchAll);

    /// <summary>Returns the names that the endpoint gave to the change, or else the endpoint's own name.</summary>
    internal static IEnumerable<string> NamesOf(string method, RouteEndpoint endpoint, AuditTargets involved, string? resource) =>
        involved.Events.Count > 0 ? involved.Events : [OfKind(NameOf(method, endpoint), involved.Resource ?? resource)];

    /// <summary>Render has separate names for cron jobs, although they use the same endpoints as services.</summary>
    private static string OfKind(string name, string? resource) => name switch
    {
        "CreateServerEvent" when IsCronJob(resource) => "CreateCronJobEvent",
        "DeleteServerEvent" when IsCronJob(resource) => "DeleteCronJobEvent",
        _ => name,
    };

    private static bool IsCronJob(string? id) => id?.StartsWith(CronJobId.Prefix, StringComparison.Ordinal) == true;

    internal static string NameOf(string method, RouteEndpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<Audited>() is { } audited)
            return audited.Event;
        if (endpoint.Metadata.GetMetadata<RenderOperation>() is { } operation)
            return Known.GetValueOrDefault(operation.Id) ?? Pascal(operation.Id);
        return $"{method} {endpoint.RoutePattern.RawText}";
    }

    /// <summary><c>suspend-service</c> → <c>SuspendServiceEvent</c>.</summary>
    private static string Pascal(string id) =>
        string.Concat(id.Split('-').Select(word => char.ToUpper(word[0], CultureInfo.InvariantCulture) + word[1..])) + "Event";
}
