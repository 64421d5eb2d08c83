using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;

namespace Portico.ControlPlane.Platform;

/// <summary>Reads what a deploy did, step by step, why it failed, and what it changed.</summary>
internal sealed class DeployDetailsReader(ServiceStatusReader statuses)
{
    private const int MostCommits = 50;

    public async Task<DeployDetails> ReadAsync(PorticoDb db, ServiceRow service, DeployRow deploy, CancellationToken cancellationToken) => new()
    {
        Id = deploy.Id,
        ServiceId = deploy.ServiceId,
        Status = deploy.Status.Name(),
        Since = deploy.StatusSince,
        Reason = deploy.Reason,
        RequestedBy = deploy.RequestedBy?.Email,
        Commit = deploy.Commit,
        CommitMessage = deploy.CommitMessage,
        Branch = deploy.Branch,
        CreatedAt = deploy.CreatedAt,
        StartedAt = deploy.StartedAt,
        FinishedAt = deploy.FinishedAt,
        Steps = await StepsAsync(db, deploy, cancellationToken),
        Phase = deploy.Status.IsActive() ? await statuses.PhaseAsync(db, service, deploy, cancellationToken) : null,
        RollbackOf = deploy.RollbackOf,
        SupersededBy = deploy.SupersededBy,
        IsCurrent = service.RoutedDeployId == deploy.Id,
        RollbackRefusal = RequestedDeploys.RollbackRefusal(service, deploy)?.Message,
        Failure = deploy.Failure is { } failure ? new ResourceFailure(failure.Step, failure.Message, failure.LastLines, failure.Hint) : null,
    };

    /// <param name="since">The deploy to compare with; <c>current</c> for the one that is live; null for the one that was live before.</param>
    /// <exception cref="RefusedException">404: the service has no such deploy.</exception>
    public static async Task<DeployChanges> ChangesAsync(PorticoDb db, ServiceRow service, DeployRow deploy, string? since, CancellationToken cancellationToken)
    {
        var others = db.Deploys.AsNoTracking().Where(row => row.ServiceId == service.Id);
        var other = since == "current" ? service.RoutedDeployId ?? deploy.Id : since;
        var before = other is null
            ? await others.Where(row => row.Id.CompareTo(deploy.Id) < 0 && (row.Status == DeployStatus.Live || row.Status == DeployStatus.Deactivated))
                .OrderByDescending(row => row.Id).FirstOrDefaultAsync(cancellationToken)
            : await others.FirstOrDefaultAsync(row => row.Id == other, cancellationToken) ?? throw Refusal.NotFound("deploy", other);
        if (before is null)
            return new DeployChanges(null, [], [], [], []);
        return new DeployChanges(
            CommitOf(before), await CommitsAsync(others, before, deploy, cancellationToken), DeployComparison.Settings(service, before, deploy),
            DeployComparison.Variables(before, deploy), DeployComparison.SecretFiles(before, deploy));
    }

    /// <summary>Repositories on this machine have only the commits that were deployed, so these are those that can be told.</summary>
    private static async Task<IReadOnlyList<DeployedCommit>> CommitsAsync(IQueryable<DeployRow> all, DeployRow before, DeployRow after, CancellationToken cancellationToken)
    {
        if (before.Commit == after.Commit)
            return [];
        var (older, newer) = string.CompareOrdinal(before.Id, after.Id) < 0 ? (before, after) : (after, before);
        var rows = await all.Where(row => row.Id.CompareTo(older.Id) > 0 && row.Id.CompareTo(newer.Id) <= 0 && row.Commit != null && row.Commit != older.Commit)
            .OrderByDescending(row => row.Id).Take(MostCommits)
            .Select(row => new { row.Id, row.Commit, row.CommitMessage, row.CreatedAt }).ToListAsync(cancellationToken);
        return [.. rows.DistinctBy(row => row.Commit).Select(row => new DeployedCommit(row.Id, row.Commit, FirstLine.Of(row.CommitMessage), row.CreatedAt))];
    }

    private static DeployedCommit CommitOf(DeployRow deploy) => new(deploy.Id, deploy.Commit, FirstLine.Of(deploy.CommitMessage), deploy.CreatedAt);

    private static async Task<IReadOnlyList<DeployStepTimes>> StepsAsync(PorticoDb db, DeployRow deploy, CancellationToken cancellationToken)
    {
        string[] keys = [.. ((string[])["build_started", "build_ended", "pre_deploy_started", "pre_deploy_ended"]).Select(type => $"{deploy.Id}:{type}")];
        var events = await db.Events.AsNoTracking().Where(row => keys.Contains(row.OnceKey))
            .ToDictionaryAsync(row => row.Type, cancellationToken);
        var times = new DeployTimes
        {
            CreatedAt = deploy.CreatedAt,
            StartedAt = deploy.StartedAt,
            BuildStartedAt = events.GetValueOrDefault("build_started")?.At,
            BuildEndedAt = events.GetValueOrDefault("build_ended")?.At,
            PreDeployStartedAt = events.GetValueOrDefault("pre_deploy_started")?.At,
            PreDeployEndedAt = events.GetValueOrDefault("pre_deploy_ended")?.At,
            IsCanceledBeforeUpdate = deploy.StartedAt is null || IsCanceled(events.GetValueOrDefault("pre_deploy_ended") ?? events.GetValueOrDefault("build_ended")),
            FinishedAt = deploy.FinishedAt,
        };
        return [.. DeployTimeline.Of(deploy.Status, times, !string.IsNullOrWhiteSpace(deploy.Settings.PreDeployCommand))
            .Select(part => new DeployStepTimes(NameOf(part.Part), NameOf(part.State), part.From, part.To))];
    }

    private static bool IsCanceled(EventRow? ended) => ended is not null && (ended.Type == "build_ended"
        ? StoredJson.Read<EventDetails.BuildEnded>(ended.Details).BuildStatus
        : StoredJson.Read<EventDetails.PreDeployEnded>(ended.Details).PreDeployStatus) == "canceled";

    private static string NameOf(DeployPart part) => part switch
    {
        DeployPart.Queue => "queue",
        DeployPart.Build => "build",
        DeployPart.PreDeploy => "pre_deploy",
        DeployPart.Update => "update",
        _ => throw new ArgumentOutOfRangeException(nameof(part)),
    };

    private static string NameOf(DeployPartState state) => state switch
    {
        DeployPartState.Waiting => "waiting",
        DeployPartState.Skipped => "skipped",
        DeployPartState.Running => "running",
        DeployPartState.Succeeded => "succeeded",
        DeployPartState.Failed => "failed",
        DeployPartState.Canceled => "canceled",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };
}
