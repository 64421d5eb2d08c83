using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Git;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;
using Portico.ControlPlane.Tests.Api;
using Portico.Core.Ids;

namespace Portico.ControlPlane.Tests.Git;

/// <summary>A request and the reconciler know of the same push.</summary>
public sealed class PushRaceTests : PushTest
{
    [Fact]
    public async Task A_push_whose_request_ends_while_the_reconciler_reads_its_list_is_followed_once()
    {
        First();
        await PushAsync("main");
        var commit = User.Commit("change", ("api/main", "2"));
        var repository = SourceStore.HostedOf(Host.Platform.Workspace, "shop");
        var (caller, url) = (await Host.Platform.OwnerAsync(Token), Host.Get<HostedRepositories>().UrlOf("shop"));
        var afterList = new AfterList();
        var pushes = Create(afterList);

        var rows = await pushes.BeginAsync(caller, Host.Platform.Workspace, repository, url, [new BranchUpdate("main", commit)], Token);
        User.Run("push", "--quiet", Host.Get<SourceStore>().PathOf(repository), "main");
        afterList.Run = async () => Assert.Single((await pushes.FinishAsync(rows, caller)).Deploys);
        await pushes.ReconcileAsync(Token);

        Assert.True(afterList.HasRun);
        await using var db = await Host.Platform.OpenAsync(Token);
        Assert.Empty(await db.Pushes.ToListAsync(Token));
        Assert.Single(await db.Syncs.Where(row => row.Commit == commit).ToListAsync(Token));
        Assert.Single(await DeploysAsync("api"), deploy => deploy.Commit == commit);
    }

    private Pushes Create(AfterList afterList)
    {
        var records = new PushRecords(new Databases(Host, afterList), Host.Get<IdSource>(), Host.Get<PlatformSettings>(), Host.Platform.Time);
        return new Pushes(
            records, Host.Get<SourceStore>(), Host.Get<HostedRepositories>(), Host.Get<CommitFollower>(), Host.Get<Callers>(), Host.Get<RetriesFactory>(),
            Host.Platform.Time, NullLogger<Pushes>.Instance);
    }

    /// <summary>Does something once, between the reconciler's reading of its list and its work.</summary>
    private sealed class AfterList : DbCommandInterceptor
    {
        public Func<Task>? Run { get; set; }

        public bool HasRun { get; private set; }

        public override async ValueTask<InterceptionResult> DataReaderClosingAsync(
            DbCommand command, DataReaderClosingEventData eventData, InterceptionResult result)
        {
            if (Run is { } run && command.CommandText.Contains("FROM \"Pushes\"", StringComparison.Ordinal))
            {
                (Run, HasRun) = (null, true);
                await run();
            }
            return result;
        }
    }

    private sealed class Databases(ApiHost host, IInterceptor interceptor) : IDbContextFactory<PorticoDb>
    {
        private readonly DbContextOptions<PorticoDb> _options =
            new DbContextOptionsBuilder<PorticoDb>(host.Get<DbContextOptions<PorticoDb>>()).AddInterceptors(interceptor).Options;

        public PorticoDb CreateDbContext() => new(_options, host.Get<SecretColumns>());
    }
}
