using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.DataStores;
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.Core.DataStores;

namespace Portico.ControlPlane.Api.Render.DataStores;

/// <summary>PostgreSQL settings that override those of the plan.</summary>
internal static class PostgresParametersApi
{
    public static void MapPostgresParameters(this IEndpointRouteBuilder routes)
    {
        var parameters = routes.MapGroup("/postgres/{postgresId}/parameter-overrides");
        parameters.MapGet("", GetAsync).Needs(Permission.View).Is("list-postgres-parameter-overrides");
        parameters.MapPut("", ReplaceAsync).Needs(Permission.Manage)
            .Is("update-postgres-parameter-overrides", "Every change restarts the database server.");
        parameters.MapGet("/available", ListAvailableAsync).Needs(Permission.View).Is("list-available-postgres-parameter-overrides");
    }

    private static async Task<Ok<PostgresParameterOverridesWrapper>> GetAsync(
        string postgresId, Caller caller, PorticoDb db, CancellationToken cancellationToken)
    {
        var row = await db.DataStores.GetStoreAsync(caller, DataStoreKind.Postgres, postgresId, cancellationToken);
        return TypedResults.Ok(new PostgresParameterOverridesWrapper { ParameterOverrides = OverridesOf(row)! });
    }

    private static async Task<Ok<PostgresPutParameterOverridesResult>> ReplaceAsync(
        string postgresId, PostgresParameterOverridesWrapper input, Caller caller, PorticoDb db, DataStoreChanges changes,
        Wakeups wakeups, CancellationToken cancellationToken)
    {
        var row = await db.EditAsync(async () =>
        {
            var current = await db.DataStores.GetStoreAsync(caller, DataStoreKind.Postgres, postgresId, cancellationToken);
            var overrides = PostgresInput.Parameters(input.ParameterOverrides, current.Identity.MajorVersion!);
            changes.Set(
                db, current, current.Settings with { ParameterOverrides = overrides }, await db.ActorAsync(caller, cancellationToken));
            await db.SaveChangesAsync(cancellationToken);
            return current;
        });
        wakeups.Signal();
        return TypedResults.Ok(new PostgresPutParameterOverridesResult([row.Id], OverridesOf(row), row.Status == DataStoreStatus.Updating));
    }

    private static async Task<Ok<PostgresAvailableParameterOverridesResult>> ListAvailableAsync(
        string postgresId, Caller caller, PorticoDb db, CancellationToken cancellationToken)
    {
        var row = await db.DataStores.GetStoreAsync(caller, DataStoreKind.Postgres, postgresId, cancellationToken);
        return TypedResults.Ok(new PostgresAvailableParameterOverridesResult(
            [.. PostgresParameters.Of(row.Identity.MajorVersion!).Select(ToWire)]));
    }

    private static IReadOnlyDictionary<string, string> OverridesOf(DataStoreRow row) =>
        row.Settings.ParameterOverrides ?? new Dictionary<string, string>();

    private static PostgresAvailableParameterOverride ToWire(PostgresParameter parameter)
    {
        var isNumber = parameter.Kind is ParameterKind.Whole or ParameterKind.Real;
        return new PostgresAvailableParameterOverride(parameter.Name, parameter.Description, parameter.NeedsRestart)
        {
            Examples = parameter.Kind == ParameterKind.Flag ? ["on", "off"] : parameter.Choices.Count > 0 ? parameter.Choices : null,
            MinValue = isNumber ? parameter.Least : null,
            MaxValue = isNumber ? parameter.Most : null,
        };
    }
}
