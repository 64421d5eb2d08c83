using Portico.Core.Engines;

namespace Portico.Core.Supervision;

/// <summary>
/// Keeps N instances of each revision alive, for engines that manage single instances. Decides only: the engine acts,
/// records what it did in the instances, and asks again.
/// </summary>
public static class Supervisor
{
    /// <summary>Stopped after this time beyond its grace, even if nobody has said that its requests are done.</summary>
    public static TimeSpan LongestDrain { get; } = TimeSpan.FromSeconds(60);

    public static SupervisorPlan Decide(
        IReadOnlyCollection<SupervisedRevision> revisions, IReadOnlyCollection<SupervisedInstance> instances, DateTimeOffset now)
    {
        var draft = new Draft(now);
        var byRevision = instances.OrderBy(instance => instance.Sequence).ToLookup(instance => instance.Revision);
        foreach (var revision in revisions)
            DecideOne(revision, [.. byRevision[revision.Id]], DiskIsHeld(revision, revisions, byRevision), draft);
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
            // Whoever retires a revision has seen to its requests before.
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

    /// <summary>Whoever knows its requests ends it by <see cref="IEngine.ReleaseAsync"/>, long before this.</summary>
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
    /// Ends what is too many, the newest first. While a restart rolls, what is too many is an old instance for each new one
    /// that is ready; old ones that do not run anyway go at once.
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

    /// <summary>While a restart rolls, one instance more than wanted may exist, so that the new one gets ready first.</summary>
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

        /// <summary>True when the time has come; otherwise asks to be woken then.</summary>
        public bool IsDue(DateTimeOffset? at)
        {
            if (at is null || at <= now)
                return true;
            WakeAt = WakeAt is null || at < WakeAt ? at : WakeAt;
            return false;
        }
    }
}
