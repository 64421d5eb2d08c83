using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Portico.Api.Contracts.Render;
using Portico.Blueprint.Rules;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.DataStores;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.Core.DataStores;

namespace Portico.ControlPlane.Api.Render.DataStores;

/// <summary>
/// The users of a Postgres database. A new user becomes the default one, which connection strings use; earlier users keep
/// working. The server's roles follow the rows.
/// </summary>
internal static class PostgresUsersApi
{
    private const int Most = 100;

    public static void MapPostgresUsers(this IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/postgres/{postgresId}/credentials");
        users.MapGet("", ListAsync).Needs(Permission.View).Is("list-postgres-users");
        users.MapPost("", CreateAsync).Needs(Permission.Manage).Is("create-postgres-user");
        users.MapDelete("/{username}", DeleteAsync).Needs(Permission.Manage).Is("delete-postgres-user", "The user that was created with the database can't be deleted because it owns the objects in the database.");
    }

    private static async Task<Ok<IReadOnlyList<PostgresCredential>>> ListAsync(
        string postgresId, Caller caller, PorticoDb db, IPostgresInspector inspector, DataStoreAddresses addresses, CancellationToken cancellationToken)
    {
        var row = await db.DataStores.GetStoreAsync(caller, DataStoreKind.Postgres, postgresId, cancellationToken);
        var (open, main) = (await CountAsync(row, inspector, addresses, cancellationToken), DataStoreAddresses.LoginOf(row).Name);
        return TypedResults.Ok<IReadOnlyList<PostgresCredential>>(
        [
            ToWire(row.Identity.User!, row.CreatedAt),
            .. UsersOf(row).Select(user => ToWire(user.Name, user.CreatedAt)),
        ]);

        PostgresCredential ToWire(string name, DateTimeOffset createdAt) => new(name, name == main, createdAt, open.GetValueOrDefault(name));
    }

    private static async Task<Accepted> CreateAsync(
        string postgresId, CredentialCreateInput input, Caller caller, PorticoDb db, DataStoreChanges changes, RandomText random,
        Wakeups wakeups, TimeProvider time, CancellationToken cancellationToken)
    {
        var name = input.Username;
        if ((ValueRules.PostgresUser(name) ?? PostgresNames.ExplainUser(name)) is { } problem)
            throw Refusal.Invalid($"username: {problem}");
        await db.EditAsync(async () =>
        {
            var row = await db.DataStores.GetStoreAsync(caller, DataStoreKind.Postgres, postgresId, cancellationToken);
            var users = row.Users ?? [];
            if (name == row.Identity.User || users.Any(user => user.Name == name))
                throw Refusal.Conflict($"username: a user named '{name}' already exists.");
            if (users.Count >= Most)
                throw Refusal.Invalid($"username: the database already has the maximum of {Most} users. Delete one first.");
            changes.SetUsers(row, [.. users, new PostgresUser(name, random.Password(), time.GetUtcNow())]);
            return await db.SaveChangesAsync(cancellationToken);
        });
        wakeups.Signal();
        return TypedResults.Accepted((string?)null);
    }

    private static async Task<Ok> DeleteAsync(
        string postgresId, string username, Caller caller, PorticoDb db, DataStoreChanges changes, Wakeups wakeups,
        CancellationToken cancellationToken)
    {
        await db.EditAsync(async () =>
        {
            var row = await db.DataStores.GetStoreAsync(caller, DataStoreKind.Postgres, postgresId, cancellationToken);
            if (username == row.Identity.User)
                throw Refusal.Invalid($"username: '{username}' owns the database and can't be deleted.");
            if (!UsersOf(row).Any(user => user.Name == username))
                throw Refusal.NotFound("user", username);
            if (username == DataStoreAddresses.LoginOf(row).Name)
                throw Refusal.Invalid($"username: '{username}' is the default user, which connection strings use. Add another user first; it becomes the default user.");
            changes.SetUsers(row, [.. row.Users!.Select(user => user.Name == username ? user with { IsDropped = true } : user)]);
            return await db.SaveChangesAsync(cancellationToken);
        });
        wakeups.Signal();
        return TypedResults.Ok();
    }

    private static IEnumerable<PostgresUser> UsersOf(DataStoreRow row) => (row.Users ?? []).Where(user => !user.IsDropped);

    private static async Task<IReadOnlyDictionary<string, int>> CountAsync(
        DataStoreRow row, IPostgresInspector inspector, DataStoreAddresses addresses, CancellationToken cancellationToken)
    {
        try
        {
            return row.Status == DataStoreStatus.Available
                ? await inspector.CountConnectionsByUserAsync(DataStoreFactory.SpecOf(row), addresses.Of(row), cancellationToken)
                : new Dictionary<string, int>();
        }
        catch (DataStoreException)
        {
            // It went down just now: nobody is connected to it.
            return new Dictionary<string, int>();
        }
    }
}
