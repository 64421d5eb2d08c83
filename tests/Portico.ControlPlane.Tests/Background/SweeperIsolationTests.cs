using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Metrics;
using Portico.ControlPlane.Platform;
using Portico.ControlPlane.State;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Access;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Tests.Background;

/// <summary>One step of a sweep that fails delays none of the others.</summary>
public sealed class SweeperIsolationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("AuditLogs")]
    [InlineData("DeviceGrants")]
    [InlineData("Invitations")]
    [InlineData("Logins")]
    [InlineData("ApiKeys")]
    public async Task A_table_that_cannot_be_swept_keeps_its_rows_and_the_others_lose_theirs(string table)
    {
        await using var platform = await SimPlatform.StartAsync(Token);
        await using var db = await platform.OpenAsync(Token);
        var old = platform.Time.GetUtcNow();
        var owner = await db.Users.Select(user => user.Id).SingleAsync(Token);
        db.AuditLogs.Add(new AuditRow
        {
            Id = "aud-1",
            WorkspaceId = platform.Workspace,
            At = old,
            Event = "CreateServerEvent",
            UserId = owner,
            UserEmail = "ada@example.org",
            Method = "POST",
            Path = "/v1/services",
            Status = 201,
        });
        db.DeviceGrants.Add(new DeviceGrantRow { DeviceHash = "a", UserCode = "b", ClientId = "cli", CreatedAt = old, ExpiresAt = old });
        db.Invitations.Add(new InvitationRow
        {
            Id = "inv-1",
            WorkspaceId = platform.Workspace,
            Email = "ada@example.org",
            Role = Role.Viewer,
            Hash = "c",
            InviterId = owner,
            CreatedAt = old,
            ExpiresAt = old,
        });
        db.Logins.Add(new LoginRow
        {
            Id = "lgn-1",
            UserId = owner,
            ClientId = "cli",
            AccessHash = "d",
            AccessExpiresAt = old,
            RefreshHash = "e",
            RefreshExpiresAt = old,
            RefreshedAt = old,
            CreatedAt = old,
        });
        db.ApiKeys.Add(new ApiKeyRow { Id = "key-1", UserId = owner, Name = "old", Hash = "f", CreatedAt = old, ExpiresAt = old });
        await db.SaveChangesAsync(Token);
        await RefusedRows.RefuseAsync(db, table, "1", Token);
        platform.Time.Advance(TimeSpan.FromDays(800));

        await platform.Get<AccessSweeper>().ReconcileAsync(Token);

        Assert.Equal([table], await LeftAsync(db));
        Assert.Single(platform.Get<LoopRegistry>().Read().Single(report => report.Name == "access sweeper").Items);
        await RefusedRows.AcceptAsync(db, table, Token);
        platform.Time.Advance(TimeSpan.FromHours(1));
        await platform.Get<AccessSweeper>().ReconcileAsync(Token);
        Assert.Empty(await LeftAsync(db));
    }

    [Fact]
    public async Task Sites_are_removed_when_the_notes_of_deploys_cannot_be()
    {
        await using var platform = await SimPlatform.StartAsync(Token);
        await Scenario.Apply(UploadedSource.First)(platform, Token);
        await using var db = await platform.OpenAsync(Token);
        var deploy = await db.Deploys.FirstAsync(Token);
        db.DeployNotes.Add(new DeployNoteRow
        {
            DeployId = deploy.Id,
            ServiceId = deploy.ServiceId,
            At = platform.Time.GetUtcNow(),
            Part = DeployLogPart.BeforeBuild,
            Text = "old",
        });
        await db.SaveChangesAsync(Token);
        var gone = Directory.CreateDirectory(Path.Combine(platform.Paths.Sites, "dep-gone")).FullName;
        await RefusedRows.RefuseAsync(db, "DeployNotes", "1", Token);
        platform.Time.Advance(TimeSpan.FromDays(800));

        await platform.Get<DeploySweeper>().ReconcileAsync(Token);

        Assert.False(Directory.Exists(gone));
        Assert.Equal("old notes", Assert.Single(platform.Get<LoopRegistry>().Read().Single(report => report.Name == "deploy sweeper").Items).Item);
    }

    [Fact]
    public async Task A_disk_that_cannot_be_measured_keeps_no_other_from_being_measured()
    {
        await using var platform = await SimPlatform.StartAsync(Token);
        var services = string.Concat(((string[])["a", "b", "c"]).Select(name => $"""

              - type: worker
                name: {name}
                runtime: node
                rootDir: worker
                buildCommand: make
                startCommand: work
                disk:
                  name: data
                  mountPath: /var/data
            """));
        await Scenario.Apply(UploadedSource.First, $"services:{services}")(platform, Token);
        await using var db = await platform.OpenAsync(Token);
        var ids = await db.Services.OrderBy(row => row.Id).Select(row => row.Id).ToListAsync(Token);
        foreach (var disk in platform.World.Disks)
            platform.World.DiskBytes[disk] = 1;
        platform.Faults.FailsForever = (subject, _) => subject.StartsWith($"measure disk {ids[1]}", StringComparison.Ordinal);

        var samples = await platform.Get<DiskSampler>().SampleAsync(Token);

        Assert.Equal([ids[0], ids[2]], samples.Where(sample => sample.Gauge == Gauge.DiskUsage).Select(sample => sample.Resource).Order());
        Assert.Single(platform.Get<LoopRegistry>().Read().Single(report => report.Name == MetricsSampling.LoopName).Items);
    }

    private static async Task<List<string>> LeftAsync(PorticoDb db)
    {
        (string Table, int Rows)[] left =
        [
            ("AuditLogs", await db.AuditLogs.CountAsync(Token)), ("DeviceGrants", await db.DeviceGrants.CountAsync(Token)),
            ("Invitations", await db.Invitations.CountAsync(Token)), ("Logins", await db.Logins.CountAsync(Token)),
            ("ApiKeys", await db.ApiKeys.CountAsync(Token)),
        ];
        return [.. left.Where(item => item.Rows > 0).Select(item => item.Table)];
    }
}
