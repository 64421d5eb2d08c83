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

namespace Portico.ControlPlane.Api.Render.RegistryCredentials;

/// <summary>Credentials for container registries. A token is stored encrypted and never returned.</summary>
internal static class RegistryCredentialsApi
{
    private const int LongestToken = 16_384;
    private const string Differs = "credentials are stored, but services can't use them until an engine that pulls images is configured";

    private static readonly Dictionary<string, Registry> Registries = new(StringComparer.Ordinal)
    {
        ["GITHUB"] = Registry.GitHub,
        ["GITLAB"] = Registry.GitLab,
        ["DOCKER"] = Registry.Docker,
        ["GOOGLE_ARTIFACT"] = Registry.GoogleArtifact,
        ["AWS_ECR"] = Registry.AwsEcr,
    };

    public static void MapRegistryCredentials(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/registrycredentials", ListAsync).Needs(Permission.View).Is("list-registry-credentials");
        routes.MapPost("/registrycredentials", CreateAsync).Needs(Permission.Manage).Is("create-registry-credential", Differs);
        routes.MapGet("/registrycredentials/{registryCredentialId}", GetAsync).Needs(Permission.View).Is("retrieve-registry-credential");
        routes.MapPatch("/registrycredentials/{registryCredentialId}", UpdateAsync).Needs(Permission.Manage).Is("update-registry-credential", Differs);
        routes.MapDelete("/registrycredentials/{registryCredentialId}", DeleteAsync).Needs(Permission.Manage).Is("delete-registry-credential");
    }

    private static async Task<Ok<IReadOnlyList<RegistryCredential>>> ListAsync(
        Caller caller, Query query, Paging paging, PorticoDb db, CancellationToken cancellationToken)
    {
        var rows = db.RegistryCredentials.AsNoTracking().VisibleTo(caller, query.List("ownerId"))
            .Between(query, "created", row => row.CreatedAt).Between(query, "updated", row => row.UpdatedAt)
            .Among(query.List("name"), row => row.Name)
            .Among(query.List("username"), row => row.Username)
            .Among(query.List<Registry>("type", name => Registries.TryGetValue(name, out var found) ? found : null, Expected), row => row.Registry);
        var page = await rows.PageAsync(paging.OldestFirst<RegistryCredentialId>(), row => row.Id, cancellationToken);
        return page.Answer(ToWire);
    }

    private static async Task<Ok<RegistryCredential>> CreateAsync(
        RegistryCredentialPost request, Caller caller, PorticoDb db, IdSource ids, TimeProvider time, CancellationToken cancellationToken)
    {
        var row = new RegistryCredentialRow
        {
            Id = ids.New<RegistryCredentialId>().Value,
            WorkspaceId = caller.RequireWorkspace(request.OwnerId),
            Name = IdentityText.Name("name", request.Name),
            Registry = Parse(request.Registry),
            Username = IdentityText.Name("username", request.Username),
            AuthToken = Token(request.AuthToken),
            CreatedAt = time.GetUtcNow(),
            UpdatedAt = time.GetUtcNow(),
        };
        await RequireFreeAsync(db, row, cancellationToken);
        db.RegistryCredentials.Add(row);
        caller.AuditTargets.Resource = row.Id;
        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.Ok(ToWire(row));
    }

    private static async Task<Ok<RegistryCredential>> GetAsync(
        string registryCredentialId, Caller caller, PorticoDb db, CancellationToken cancellationToken) =>
        TypedResults.Ok(ToWire(await FindAsync(db, caller, registryCredentialId, cancellationToken)));

    private static async Task<Ok<RegistryCredential>> UpdateAsync(
        string registryCredentialId, RegistryCredentialPatch request, Caller caller, PorticoDb db, TimeProvider time, CancellationToken cancellationToken)
    {
        var credential = await db.EditAsync(async () =>
        {
            var row = await FindAsync(db, caller, registryCredentialId, cancellationToken);
            row.Name = request.Name.IsSet ? IdentityText.Name("name", request.Name.Value) : row.Name;
            row.Registry = request.Registry.IsSet ? Parse(request.Registry.Value) : row.Registry;
            row.Username = request.Username.IsSet ? IdentityText.Name("username", request.Username.Value) : row.Username;
            row.AuthToken = request.AuthToken.IsSet ? Token(request.AuthToken.Value) : row.AuthToken;
            await RequireFreeAsync(db, row, cancellationToken);
            row.UpdatedAt = time.GetUtcNow();
            row.Version++;
            await db.SaveChangesAsync(cancellationToken);
            return row;
        });
        return TypedResults.Ok(ToWire(credential));
    }

    private static async Task<NoContent> DeleteAsync(
        string registryCredentialId, Caller caller, PorticoDb db, CancellationToken cancellationToken)
    {
        var row = await FindAsync(db, caller, registryCredentialId, cancellationToken);
        await db.RegistryCredentials.Where(item => item.Id == row.Id).ExecuteDeleteAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static Task<RegistryCredentialRow> FindAsync(PorticoDb db, Caller caller, string id, CancellationToken cancellationToken) =>
        db.RegistryCredentials.GetAsync(caller, row => row.Id == id, "registry credential", id, cancellationToken);

    private static string Expected => $"use one of {string.Join(", ", Registries.Keys)}";

    private static Registry Parse(string? name) => name is not null && Registries.TryGetValue(name, out var found)
        ? found
        : throw Refusal.Invalid($"registry: {Expected}.");

    private static string Token(string? token) => token is { Length: > 0 and <= LongestToken } && !token.Any(char.IsControl)
        ? token
        : throw Refusal.Invalid($"authToken: must have 1 to {LongestToken} characters and no control characters.");

    private static async Task RequireFreeAsync(PorticoDb db, RegistryCredentialRow row, CancellationToken cancellationToken)
    {
        if (await db.RegistryCredentials.AnyAsync(item => item.WorkspaceId == row.WorkspaceId && item.Name == row.Name && item.Id != row.Id, cancellationToken))
            throw Refusal.Conflict($"name: the workspace already has a registry credential named '{row.Name}'.");
    }

    private static RegistryCredential ToWire(RegistryCredentialRow row) => new()
    {
        Id = row.Id,
        Name = row.Name,
        Registry = Registries.First(item => item.Value == row.Registry).Key,
        Username = row.Username,
        UpdatedAt = row.UpdatedAt,
    };
}
