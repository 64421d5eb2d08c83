using System.Net.NetworkInformation;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.State;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api.Render.Services;

/// <summary>Operations on a running service that need no deploy.</summary>
internal static class OperationsApi
{
    public static void MapOperations(this IEndpointRouteBuilder routes)
    {
        var service = routes.MapGroup("/services/{serviceId}");
        service.MapPost("/restart", RestartAsync).Needs(Permission.Operate).Is("restart-service");
        service.MapPost("/suspend", SuspendAsync).Needs(Permission.Operate).Is("suspend-service");
        service.MapPost("/resume", ResumeAsync).Needs(Permission.Operate).Is("resume-service");
        service.MapPost("/scale", ScaleAsync).Needs(Permission.Operate).Is("scale-service");
        service.MapPut("/autoscaling", AutoscaleAsync).Needs(Permission.Manage)
            .Is("autoscale-service");
        service.MapDelete("/autoscaling", DeleteAutoscalingAsync).Needs(Permission.Manage).Is("delete-autoscaling-config");
        service.MapPost("/cache/purge", PurgeAsync).Needs(Permission.Operate).Is("purge-cache");
        service.MapGet("/outbound-ips", OutboundAsync).Needs(Permission.View)
            .Is("retrieve-service-outbound-ips", "returns the addresses of this machine; a router in front of it may use others");
    }

    private static async Task<Ok> RestartAsync(
        string serviceId, Caller caller, PorticoDb db, ServiceOperations operations, Wakeups wakeups, CancellationToken cancellationToken)
    {
        var by = await db.ActorAsync(caller, cancellationToken);
        await EditAsync(serviceId, caller, db, wakeups, service => operations.Restart(db, service, by), cancellationToken);
        return TypedResults.Ok();
    }

    private static async Task<Accepted> SuspendAsync(
        string serviceId, Caller caller, PorticoDb db, ServiceOperations operations, Wakeups wakeups, CancellationToken cancellationToken)
    {
        var by = await db.ActorAsync(caller, cancellationToken);
        await EditAsync(serviceId, caller, db, wakeups, service => operations.Suspend(db, service, by), cancellationToken);
        return TypedResults.Accepted((string?)null);
    }

    private static async Task<Accepted> ResumeAsync(
        string serviceId, Caller caller, PorticoDb db, ServiceOperations operations, Wakeups wakeups, CancellationToken cancellationToken)
    {
        var by = await db.ActorAsync(caller, cancellationToken);
        await EditAsync(serviceId, caller, db, wakeups, service => operations.Resume(db, service, by), cancellationToken);
        return TypedResults.Accepted((string?)null);
    }

    private static async Task<Accepted> ScaleAsync(
        string serviceId, ScalePost body, Caller caller, PorticoDb db, ServiceOperations operations, Wakeups wakeups,
        CancellationToken cancellationToken)
    {
        await EditAsync(serviceId, caller, db, wakeups, service => operations.Scale(db, service, body.NumInstances), cancellationToken);
        return TypedResults.Accepted((string?)null);
    }

    private static async Task<Ok<AutoscalingConfig>> AutoscaleAsync(
        string serviceId, AutoscalingConfig body, Caller caller, PorticoDb db, ServiceOperations operations, Wakeups wakeups,
        CancellationToken cancellationToken)
    {
        await EditAsync(serviceId, caller, db, wakeups, service => operations.Autoscale(db, service, body), cancellationToken);
        return TypedResults.Ok(body);
    }

    private static async Task<NoContent> DeleteAutoscalingAsync(
        string serviceId, Caller caller, PorticoDb db, ServiceOperations operations, Wakeups wakeups, CancellationToken cancellationToken)
    {
        await EditAsync(serviceId, caller, db, wakeups, service => operations.SetScaling(db, service, null), cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>Purges the cache. There is nothing to purge: the edge serves files by content, so it never serves replaced files.</summary>
    private static async Task<Accepted> PurgeAsync(string serviceId, Caller caller, PorticoDb db, CancellationToken cancellationToken)
    {
        await db.Services.AsNoTracking().GetServiceAsync(caller, serviceId, cancellationToken);
        return TypedResults.Accepted((string?)null);
    }

    private static async Task<Ok<OutboundIps>> OutboundAsync(
        string serviceId, Caller caller, PorticoDb db, CancellationToken cancellationToken)
    {
        await db.Services.AsNoTracking().GetServiceAsync(caller, serviceId, cancellationToken);
        return TypedResults.Ok(new OutboundIps("shared", MachineAddresses()));
    }

    private static string[] MachineAddresses() =>
        [.. NetworkInterface.GetAllNetworkInterfaces()
            .Where(item => item.OperationalStatus == OperationalStatus.Up && item.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(item => item.GetIPProperties().UnicastAddresses)
            .Where(item => item.Address is { AddressFamily: AddressFamily.InterNetwork } or { AddressFamily: AddressFamily.InterNetworkV6, IsIPv6LinkLocal: false })
            .Select(item => item.Address.ToString()).Order(StringComparer.Ordinal)];

    private static async Task EditAsync(
        string serviceId, Caller caller, PorticoDb db, Wakeups wakeups, Action<ServiceRow> change, CancellationToken cancellationToken)
    {
        await db.EditAsync(async () =>
        {
            change(await db.Services.GetServiceAsync(caller, serviceId, cancellationToken));
            return await db.SaveChangesAsync(cancellationToken);
        });
        wakeups.Signal();
    }
}
