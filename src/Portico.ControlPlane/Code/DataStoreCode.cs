using System.Text.Json;
using Portico.Api.Contracts.Platform;
using Portico.Api.Contracts.Render;
using Portico.Blueprint.Model;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Blueprints;
using Portico.ControlPlane.DataStores;
using Portico.ControlPlane.Projects;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Code;

/// <summary>Writes requests for data stores as a command and as a Blueprint. It validates them as the requests themselves are.</summary>
internal sealed class DataStoreCode(PorticoDb db, PostgresInput databases, KeyValueInput keyValues)
{
    /// <exception cref="RefusedException">The request would be refused.</exception>
    public async Task<RequestCode> OfNewAsync(Caller caller, PostgresPostInput post, CancellationToken cancellationToken)
    {
        var workspace = caller.RequireWorkspace(post.OwnerId);
        var settings = databases.Read(post);
        var spec = DataStoreMapping.ToDatabase(post.Name, NullIfEmpty(post.DatabaseName), NullIfEmpty(post.DatabaseUser), settings.MajorVersion, settings);
        return new RequestCode(
            CommandText.Write(
                ["create", "postgres", post.Name, .. await Workspaces.OptionAsync(db, workspace, cancellationToken)],
                JsonSerializer.SerializeToElement(post, RenderJson.TypeOf<PostgresPostInput>()), CommandOptions.NewPostgres),
            settings.ParameterOverrides is not null
                ? CodeText.Not("A render.yaml has no parameters of PostgreSQL.")
                : await WriteAsync(caller, workspace, post.EnvironmentId, new ResourceLists { Databases = [spec] }, cancellationToken));
    }

    /// <exception cref="RefusedException">The request would be refused.</exception>
    public async Task<RequestCode> OfNewAsync(Caller caller, KeyValuePostInput post, CancellationToken cancellationToken)
    {
        var workspace = caller.RequireWorkspace(post.OwnerId);
        var spec = DataStoreMapping.ToKeyValue(post.Name, keyValues.Read(post));
        return new RequestCode(
            CommandText.Write(
                ["create", "keyvalue", post.Name, .. await Workspaces.OptionAsync(db, workspace, cancellationToken)],
                JsonSerializer.SerializeToElement(post, RenderJson.TypeOf<KeyValuePostInput>()), CommandOptions.NewKeyValue),
            await WriteAsync(caller, workspace, post.EnvironmentId, new ResourceLists { KeyValues = [spec] }, cancellationToken));
    }

    private async Task<CodeText> WriteAsync(Caller caller, string workspace, string? environment, ResourceLists resource, CancellationToken cancellationToken) =>
        await BlueprintEntries.WriteAsync(
            db, workspace, await Placement.RequireAsync(db, caller, workspace, environment, cancellationToken), resource, cancellationToken);

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
