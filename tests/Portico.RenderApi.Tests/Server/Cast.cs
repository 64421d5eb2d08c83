using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.State;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Access;
using Portico.Core.Ids;

namespace Portico.RenderApi.Tests.Server;

/// <summary>The people around a platform: its owner, a member of each role, and those who must not get in.</summary>
internal sealed class Cast
{
    public required Someone Owner { get; init; }

    /// <summary>Admin of another workspace.</summary>
    public required Someone Foreigner { get; init; }

    /// <summary>Keys that once were good.</summary>
    public required IReadOnlyList<Someone> Former { get; init; }

    public required IReadOnlyDictionary<Role, Someone> Members { get; init; }

    public static async Task<Cast> CreateAsync(SimPlatform platform, string ownerKey, CancellationToken cancellationToken)
    {
        await using var db = await platform.OpenAsync(cancellationToken);
        var hiring = new Hiring(db, platform.Get<IdSource>(), platform.Time.GetUtcNow());
        var other = hiring.AddWorkspace("Another Workspace");
        var former = hiring.AddMember(platform.Workspace, "former", Role.Admin);
        var cast = new Cast
        {
            Owner = new Someone("the owner", ownerKey),
            Foreigner = hiring.AddKey(hiring.AddMember(other, "foreigner", Role.Admin), "an admin of another workspace"),
            Former =
            [
                hiring.AddKey(former, "an admin with a revoked key", revoked: TimeSpan.FromDays(-1)),
                hiring.AddKey(former, "an admin with an expired key", expires: TimeSpan.FromDays(-1)),
            ],
            Members = Enum.GetValues<Role>().ToDictionary(role => role, role =>
                hiring.AddKey(hiring.AddMember(platform.Workspace, role.ToString().ToLowerInvariant(), role), $"a member with the role {role}")),
        };
        await db.SaveChangesAsync(cancellationToken);
        return cast;
    }

    /// <summary>Makes the owner an admin again, whatever became of that.</summary>
    public static async Task ReinstateOwnerAsync(SimPlatform platform, CancellationToken cancellationToken)
    {
        await using var db = await platform.OpenAsync(cancellationToken);
        var owner = await db.Users.Where(user => user.IsOwner).Select(user => user.Id).SingleAsync(cancellationToken);
        var members = db.Members.Where(member => member.WorkspaceId == platform.Workspace && member.UserId == owner);
        if (await members.ExecuteUpdateAsync(set => set.SetProperty(member => member.Role, Role.Admin), cancellationToken) > 0)
            return;
        db.Members.Add(new MemberRow { WorkspaceId = platform.Workspace, UserId = owner, Role = Role.Admin });
        await db.SaveChangesAsync(cancellationToken);
    }

    private sealed class Hiring(PorticoDb db, IdSource ids, DateTimeOffset now)
    {
        public string AddWorkspace(string name)
        {
            var workspace = new WorkspaceRow { Id = ids.New<WorkspaceId>().Value, Name = name, Email = "other@localhost", CreatedAt = now };
            db.Workspaces.Add(workspace);
            return workspace.Id;
        }

        public string AddMember(string workspace, string name, Role role)
        {
            var user = new UserRow { Id = ids.New<UserId>().Value, Name = name, Email = $"{name}@localhost", CreatedAt = now };
            db.Users.Add(user);
            db.Members.Add(new MemberRow { WorkspaceId = workspace, UserId = user.Id, Role = role });
            return user.Id;
        }

        public Someone AddKey(string user, string name, TimeSpan? revoked = null, TimeSpan? expires = null)
        {
            var key = KeyText.Create();
            db.ApiKeys.Add(new ApiKeyRow
            {
                Id = ids.New<ApiKeyId>().Value,
                UserId = user,
                Name = name,
                Hash = KeyText.Hash(key),
                CreatedAt = now,
                ExpiresAt = now + expires,
                RevokedAt = now + revoked,
            });
            return new Someone(name, key);
        }
    }
}
