using System.Net;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Git;
using Portico.ControlPlane.Jobs;
using Portico.ControlPlane.Metrics;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;
using Portico.ControlPlane.Tests.Autoscaling;
using Portico.Core.Access;
using Portico.Core.Deploys;
using Portico.Core.Ids;
using Portico.Testing.Engines;

namespace Portico.ControlPlane.Tests.Crash;

/// <summary>What the reconcilers do that no other scenario needs.</summary>
internal static class ReconcilerScenarios
{
    private const string Branch = "refs/heads/main";

    public static Scenario Autoscaled { get; } = new("autoscaled", Scenario.Apply(UploadedSource.First, AutoscalingTests.Blueprint), ScaleAsync);

    public static Scenario Pushed { get; } = new("pushed", ApplyHostedAsync, PushAsync);

    public static Scenario Followed { get; } = new("followed branch", ApplyRemoteAsync, FollowAsync);

    public static Scenario Expired { get; } = new("expired invitation", InviteAsync, ExpireAsync);

    public static Scenario Changed { get; } = new("changed service", Scenario.Apply(UploadedSource.First), ChangeAsync);

    public static Scenario Deleted { get; } = new("deleted service", Scenario.Apply(UploadedSource.First), DeleteAsync);

    public static Scenario Swept { get; } = new("swept after a job", Scenario.Apply(UploadedSource.First), SweepAsync);

    public static Scenario Verified { get; } = new("verified domains", Scenario.Apply(UploadedSource.First), VerifyAsync);

    public static Scenario Connected { get; } = new("first apply in a private network", ConnectAsync, Scenario.Apply(UploadedSource.First));

    public static IReadOnlyList<Scenario> All { get; } = [Connected, Autoscaled, Pushed, Followed, Expired, Changed, Deleted, Swept, Verified];

    private static Task ConnectAsync(SimPlatform platform, CancellationToken token)
    {
        platform.World.PrivateNetwork = SimWorld.SomePrivateNetwork;
        return Task.CompletedTask;
    }

    /// <summary>DNS leads the domains of two services to the platform.</summary>
    private static async Task VerifyAsync(SimPlatform platform, CancellationToken token)
    {
        var address = IPAddress.Parse("198.51.100.7");
        foreach (var host in (string[])["localhost", "api.example.org", "web.example.org"])
            platform.Hosts.Known[host] = address;
        await platform.AskAsync(async db =>
        {
            foreach (var name in (string[])["api", "web"])
                db.CustomDomains.Add(new CustomDomainRow
                {
                    Id = platform.Get<IdSource>().New<CustomDomainId>().Value,
                    WorkspaceId = platform.Workspace,
                    ServiceId = await db.Services.Where(row => row.Name == name).Select(row => row.Id).SingleAsync(token),
                    Name = $"{name}.example.org",
                    CreatedAt = platform.Time.GetUtcNow(),
                    CheckAt = platform.Time.GetUtcNow(),
                });
        }, token);
        await platform.SettleAsync(token);
        await using var after = await platform.OpenAsync(token);
        Assert.Equal(2, await after.CustomDomains.CountAsync(row => row.VerifiedAt != null, token));
    }

    /// <summary>Two services are changed as the API does it, each with a deploy that waits for further changes.</summary>
    private static async Task ChangeAsync(SimPlatform platform, CancellationToken token)
    {
        foreach (var name in (string[])["api", "worker"])
            await platform.AskAsync(async db =>
            {
                var service = await db.Services.SingleAsync(row => row.Name == name, token);
                service.Settings = service.Settings with { StartCommand = "changed" };
                PendingDeploys.Add(service, "its start command changed", new Actor("usr-1", "a@example.org"), platform.Time.GetUtcNow());
            }, token);
        await platform.SettleAsync(token);
        await using var after = await platform.OpenAsync(token);
        Assert.Equal(2, await after.Deploys.CountAsync(row => row.Trigger == DeployTrigger.ServiceUpdated && row.Status == DeployStatus.Live, token));
    }

    private static async Task DeleteAsync(SimPlatform platform, CancellationToken token)
    {
        await platform.AskAsync(db => platform.Get<ServiceDeletion>().DeleteAsync(
            db, () => db.Services.SingleAsync(row => row.Name == "worker", token), token), token);
        await platform.SettleAsync(token);
        await using var after = await platform.OpenAsync(token);
        var known = await after.Services.Select(row => row.Id).ToListAsync(token);
        Assert.DoesNotContain(platform.World.Runs.Values, run => run.Owner.StartsWith("srv-", StringComparison.Ordinal) && !known.Contains(run.Owner));
    }

    private static async Task SweepAsync(SimPlatform platform, CancellationToken token)
    {
        foreach (var name in (string[])["api", "worker"])
            await platform.AskAsync(async db => await platform.Get<NewJobs>().AddAsync(
                db, await db.Services.SingleAsync(row => row.Name == name, token), "work", null, new Actor("usr-1", "a@example.org"), token), token);
        await platform.SettleAsync(token);
        platform.Time.Advance(TimeSpan.FromMinutes(11));
        await platform.SettleAsync(token);
    }

    private static async Task ScaleAsync(SimPlatform platform, CancellationToken token)
    {
        for (var look = 0; look < 3; look++)
        {
            platform.Time.Advance(TimeSpan.FromSeconds(31));
            platform.Get<LatestUsage>().Replace(
                platform.World.Instances.ToDictionary(instance => instance.Id, _ => new InstanceUse(120, null)), platform.Time.GetUtcNow());
            await platform.PassAsync(token);
        }
        await platform.SettleAsync(token);
        await using var db = await platform.OpenAsync(token);
        Assert.Equal(6, (await db.Services.SingleAsync(row => row.Name == "api", token)).ScaledTo);
    }

    private static async Task ApplyHostedAsync(SimPlatform platform, CancellationToken token)
    {
        await CreateAsync(HostedOf(platform), token);
        await Scenario.Apply(UploadedSource.First, With(platform.Get<HostedRepositories>().UrlOf("shop")))(platform, token);
    }

    /// <summary>The server dies after Git has moved the branch, and before the push was followed.</summary>
    private static async Task PushAsync(SimPlatform platform, CancellationToken token)
    {
        await MoveAsync(HostedOf(platform), token);
        var updates = new List<BranchUpdate> { new("main", UploadedSource.Second) };
        await platform.Get<PushRecords>().AddAsync(
            platform.Get<PushRecords>().Create(
                await platform.OwnerAsync(token), platform.Workspace, SourceStore.HostedOf(platform.Workspace, "shop"),
                platform.Get<HostedRepositories>().UrlOf("shop"), updates), token);
        await platform.SettleAsync(token);
        await AssertDeployedAsync(platform, token);
    }

    private static async Task ApplyRemoteAsync(SimPlatform platform, CancellationToken token)
    {
        platform.FollowsRemotes = true;
        await CreateAsync(RemoteOf(platform), token);
        await Scenario.Apply(UploadedSource.First, With($"file://{RemoteOf(platform)}"))(platform, token);
    }

    private static async Task FollowAsync(SimPlatform platform, CancellationToken token)
    {
        await MoveAsync(RemoteOf(platform), token);
        platform.Time.Advance(TimeSpan.FromMinutes(30));
        await platform.SettleAsync(token);
        await AssertDeployedAsync(platform, token);
    }

    private static async Task InviteAsync(SimPlatform platform, CancellationToken token)
    {
        await Scenario.Apply(UploadedSource.First)(platform, token);
        var owner = await platform.OwnerAsync(token);
        await platform.AskAsync(db =>
        {
            db.Invitations.Add(new InvitationRow
            {
                Id = platform.Get<IdSource>().New<InvitationId>().Value,
                WorkspaceId = platform.Workspace,
                Email = "new@example.org",
                Role = Role.Developer,
                Hash = "digest",
                InviterId = owner.UserId,
                CreatedAt = platform.Time.GetUtcNow(),
                ExpiresAt = platform.Time.GetUtcNow().AddHours(1),
            });
            return Task.CompletedTask;
        }, token);
    }

    private static async Task ExpireAsync(SimPlatform platform, CancellationToken token)
    {
        platform.Time.Advance(TimeSpan.FromHours(2));
        await Scenario.Apply(UploadedSource.Second)(platform, token);
        await using var db = await platform.OpenAsync(token);
        Assert.Empty(await db.Invitations.ToListAsync(token));
    }

    private static async Task AssertDeployedAsync(SimPlatform platform, CancellationToken token)
    {
        await using var db = await platform.OpenAsync(token);
        var shop = await db.Services.SingleAsync(row => row.Name == "shop", token);
        Assert.Equal(UploadedSource.Second, (await db.Deploys.SingleAsync(row => row.ServiceId == shop.Id && row.Status == DeployStatus.Live, token)).Commit);
    }

    private static string With(string repository) => Scenario.Blueprint + $"""

          - type: worker
            name: shop
            runtime: node
            repo: {repository}
            branch: main
            buildCommand: make
            startCommand: work
        """;

    private static string HostedOf(SimPlatform platform) => platform.Get<SourceStore>().PathOf(SourceStore.HostedOf(platform.Workspace, "shop"));

    private static string RemoteOf(SimPlatform platform) => Path.Combine(platform.Paths.State, "remote.git");

    private static async Task CreateAsync(string repository, CancellationToken token)
    {
        UploadedSource.CopyTo(repository);
        await GitCommand.RunAsync(new GitRepository(repository), ["update-ref", Branch, UploadedSource.First], token);
    }

    private static async Task MoveAsync(string repository, CancellationToken token) =>
        await GitCommand.RunAsync(new GitRepository(repository), ["update-ref", Branch, UploadedSource.Second], token);
}
