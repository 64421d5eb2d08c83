using Portico.Core.Engines;

namespace Portico.Core.Supervision;

/// <summary>
/// Decides how to keep N instances of each revision running, for engines that manage single instances. The engine acts, records
/// what it did in the instances, and calls it again.
/// </summary>
public static class Supervisor
{
    /// <summary>A draining instance is stopped after this time plus its grace period, even if the caller has not released it.</summary>
    public static TimeSpan LongestDrain { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Decides for one revision.</summary>
    /// <param name="all">All revisions, because one may have to wait until another has released its disk.</param>
    /// <param name="instances">The instances of all revisions.</param>
    public static SupervisorPlan Decide(
        SupervisedRevision revision, IReadOnlyCollection<SupervisedRevision> all, ILookup<RevisionId, SupervisedInstance> instances, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(revision);
        ArgumentNullException.ThrowIfNull(instances);
        var draft = new Draft(now);
        DecideOne(revision, [.. instances[revision.Id].OrderBy(instance => instance.Sequence)], DiskIsHeld(revision, all, instances), draft);
        return new SupervisorPlan(draft.Actions, draft.WakeAt);
    }

    private static bool DiskIsHeld(
        SupervisedRevision revision, IReadOnlyCollection<SupervisedRevision> all, ILookup<RevisionId, SupervisedInstance> instances) =>
        revision.Disk is not null
        && all.Any(other => other.Id != revision.Id && other.Disk == revision.Disk
            && instances[other.Id].Any(instance => instance.ExitedAt is null || instance.StoppingSince is not null));

    private static void DecideOne(SupervisedRevision revision, List<SupervisedInstance> all, bool diskIsHeld, Draft draft)
    {
        var active = all.Where(instance => instance is { StoppingSince: null, DrainingSince: null }).ToList();
        foreach (var stopping in all.Where(instance => instance.StoppingSince is not null))
            Finish(stopping, revision, draft);
        if (revision.Retired)
        {
            // The caller retires a revision only when it receives no requests any more.
            foreach (var instance in all.Where(instance => instance.StoppingSince is null))
                Stop(instance, draft);
            return;
        }
        foreach (var draining in all.Where(instance => instance is { StoppingSince: null, DrainingSince: not null }))
            EndDrained(draining, revision, draft);

        WatchHealth(active, revision, draft);
        if (!revision.Confirmed)
            return;
        var kept = Shrink(revision, active, draft);
        if (diskIsHeld)
            return;
        RestartCrashed(kept, draft);
        Grow(revision, kept, all, draft);
    }

    private static void Finish(SupervisedInstance stopping, SupervisedRevision revision, Draft draft)
    {
        if (stopping.ExitedAt is not null)
            draft.Add(new SupervisorAction.Remove(stopping.Id));
        else if (!stopping.Killed && draft.IsDue(stopping.StoppingSince + revision.StopGrace))
            draft.Add(new SupervisorAction.Kill(stopping.Id));
    }

    /// <summary>Stops a draining instance after the longest time. Normally <see cref="IEngine.ReleaseAsync"/> stops it much earlier.</summary>
    private static void EndDrained(SupervisedInstance draining, SupervisedRevision revision, Draft draft)
    {
        if (draining.ExitedAt is not null || draft.IsDue(draining.DrainingSince + revision.StopGrace + LongestDrain))
            Stop(draining, draft);
    }

    private static void End(SupervisedInstance instance, SupervisedRevision revision, Draft draft)
    {
        if (revision.Drains && instance is { ExitedAt: null, Health.ReadySince: not null })
            draft.Add(new SupervisorAction.Drain(instance.Id));
        else
            Stop(instance, draft);
    }

    private static void Stop(SupervisedInstance instance, Draft draft) =>
        draft.Add(instance.ExitedAt is null
            ? new SupervisorAction.Stop(instance.Id, ComesBack: false)
            : new SupervisorAction.Remove(instance.Id));

    private static void WatchHealth(List<SupervisedInstance> active, SupervisedRevision revision, Draft draft)
    {
        foreach (var failing in active.Where(instance => instance.ExitedAt is null && instance.Health.FailingSince is not null))
        {
            draft.IsDue(failing.Health.FailingSince + InstanceHealth.UnhealthyAfter);
            if (draft.IsDue(failing.Health.FailingSince + InstanceHealth.RestartAfter) && revision.Confirmed)
                draft.Add(new SupervisorAction.Stop(failing.Id, ComesBack: true));
        }
    }

    /// <summary>
    /// Ends surplus instances, the newest first. During a rolling restart, each new instance that is ready makes an old one surplus;
    /// old instances that are not running are removed immediately.
    /// </summary>
    private static List<SupervisedInstance> Shrink(SupervisedRevision revision, List<SupervisedInstance> active, Draft draft)
    {
        var old = active.Where(instance => instance.RestartToken != revision.RestartToken).ToList();
        var current = active.Except(old).ToList();
        var ready = current.Count(instance => instance.StatusAt(draft.Now) == InstanceStatus.Ready);
        var surplus = revision.Exclusive ? old.Count : Math.Max(0, old.Count + ready - revision.Instances);
        var ended = old.Where(instance => instance.ExitedAt is not null)
            .Union(old.OrderBy(instance => instance.StatusAt(draft.Now) == InstanceStatus.Ready).Take(surplus))
            .Union(current.Skip(revision.Instances))
            .ToList();
        ended.ForEach(instance => End(instance, revision, draft));
        return [.. active.Except(ended)];
    }

    private static void RestartCrashed(List<SupervisedInstance> kept, Draft draft)
    {
        foreach (var crashed in kept.Where(instance => instance.ExitedAt is not null))
            if (draft.IsDue(crashed.ExitedAt + CrashBackOff.Delay(crashed.Failures)))
                draft.Add(new SupervisorAction.Start(crashed.Id));
    }

    /// <summary>Creates missing instances. During a rolling restart, one extra instance may exist, so that the new one is ready before an old one stops.</summary>
    private static void Grow(
        SupervisedRevision revision, List<SupervisedInstance> kept, List<SupervisedInstance> all, Draft draft)
    {
        var old = kept.Count(instance => instance.RestartToken != revision.RestartToken);
        if (revision.Exclusive && all.Count > 0)
            return;
        var missing = revision.Instances - (kept.Count - old);
        var room = old == 0 ? missing : revision.Instances + 1 - kept.Count;
        for (var i = 0; i < Math.Min(missing, room); i++)
            draft.Add(new SupervisorAction.Create(revision.Id));
    }

    private sealed class Draft(DateTimeOffset now)
    {
        private readonly List<SupervisorAction> _actions = [];

        public DateTimeOffset Now => now;

        public IReadOnlyList<SupervisorAction> Actions => _actions;

        public DateTimeOffset? WakeAt { get; private set; }

        public void Add(SupervisorAction action) => _actions.Add(action);

        /// <summary>Whether a time has come. If not, the plan asks to be made again at that time.</summary>
        public bool IsDue(DateTimeOffset? at)
        {
            if (at is null || at <= now)
                return true;
            WakeAt = WakeAt is null || at < WakeAt ? at : WakeAt;
            return false;
        }
    }
}
