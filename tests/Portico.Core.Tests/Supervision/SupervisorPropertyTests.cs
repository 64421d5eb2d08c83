using CsCheck;
using Portico.Core.Engines;
using Portico.Core.Supervision;

namespace Portico.Core.Tests.Supervision;

/// <summary>A small world that does what the supervisor decides, with crashes, wishes and time coming in any order.</summary>
public sealed class SupervisorPropertyTests
{
    private enum Happening { Crash, GetReady, Fail, Scale0, Scale1, Scale3, Restart, Retire, Ensure, Tick, EndStopping, Release }

    [Fact]
    public void Whatever_happens_the_world_settles_as_wanted() =>
        Gen.Select(Gen.Enum<Happening>().Array[0, 40], Gen.Bool, Gen.Bool).Sample((happenings, exclusive, drains) =>
        {
            var world = new World(exclusive, drains);
            foreach (var happening in happenings)
                world.Let(happening);
            world.Settle();
            Assert.Equal(world.Wanted, world.Running);
        });

    [Fact]
    public void An_exclusive_revision_never_has_two_that_run() =>
        Gen.Select(Gen.Enum<Happening>().Array[0, 60], Gen.Bool).Sample((happenings, drains) =>
        {
            var world = new World(exclusive: true, drains);
            foreach (var happening in happenings)
            {
                world.Let(happening);
                Assert.InRange(world.Running, 0, 1);
            }
        });

    private sealed class World(bool exclusive, bool drains)
    {
        private readonly List<SupervisedInstance> _instances = [];
        private SupervisedRevision _revision = SupervisorTests.Revision(1) with { Exclusive = exclusive, Drains = drains };
        private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        private long _sequence;

        public int Wanted => _revision.Retired ? 0 : _revision.Instances;

        public int Running => _instances.Count(i => i.ExitedAt is null);

        public void Let(Happening happening)
        {
            switch (happening)
            {
                case Happening.Crash: ChangeFirst(i => i.ExitedAt is null && i.StoppingSince is null, Exited); break;
                case Happening.GetReady: ChangeFirst(i => i.Health.ReadySince is null, i => i with { Health = i.Health.Passed(_now) }); break;
                case Happening.Fail: ChangeFirst(i => i.Health.ReadySince is not null, i => i with { Health = i.Health.Failed(_now) }); break;
                case Happening.Scale0: _revision = _revision with { Instances = 0 }; break;
                case Happening.Scale1: _revision = _revision with { Instances = 1 }; break;
                case Happening.Scale3: _revision = _revision with { Instances = exclusive ? 1 : 3 }; break;
                case Happening.Restart: _revision = _revision with { RestartToken = $"t{_now.Ticks}" }; break;
                case Happening.Retire: _revision = _revision with { Retired = true }; break;
                case Happening.Ensure: _revision = _revision with { Retired = false }; break;
                case Happening.Release: ChangeFirst(i => i is { DrainingSince: not null, StoppingSince: null }, i => i with { StoppingSince = _now }); break;
                case Happening.EndStopping: ChangeFirst(i => i.StoppingSince is not null && i.ExitedAt is null, Exited); break;
            }
            _now += TimeSpan.FromSeconds(7);
            Step();
        }

        public void Settle()
        {
            for (var i = 0; i < 60; i++)
            {
                Let(Happening.EndStopping);
                Let(Happening.GetReady);
            }
        }

        private void Step()
        {
            foreach (var action in Supervisor.Decide(_revision, [_revision], _instances.ToLookup(instance => instance.Revision), _now).Actions)
                Act(action);
        }

        private void Act(SupervisorAction action)
        {
            switch (action)
            {
                case SupervisorAction.Create:
                    _instances.Add(SupervisorTests.Starting(++_sequence, _revision.RestartToken));
                    break;
                case SupervisorAction.Start start:
                    Change(start.Instance, i => i with { ExitedAt = null, Health = InstanceHealth.Unknown });
                    break;
                case SupervisorAction.Drain drain:
                    Change(drain.Instance, i => i with { DrainingSince = _now });
                    break;
                case SupervisorAction.Stop stop:
                    Change(stop.Instance, i => i.StoppingSince is null ? i with { StoppingSince = _now, ComesBack = stop.ComesBack } : i);
                    break;
                case SupervisorAction.Kill kill:
                    Change(kill.Instance, Exited);
                    break;
                case SupervisorAction.Remove remove:
                    _instances.RemoveAll(i => i.Id == remove.Instance);
                    break;
            }
        }

        private SupervisedInstance Exited(SupervisedInstance instance) => instance with
        {
            ExitedAt = _now,
            Failures = instance.Failures + 1,
            StoppingSince = instance.ComesBack ? null : instance.StoppingSince,
            ComesBack = false,
        };

        private void ChangeFirst(Func<SupervisedInstance, bool> which, Func<SupervisedInstance, SupervisedInstance> change)
        {
            if (_instances.Find(i => which(i)) is { } found)
                Change(found.Id, change);
        }

        private void Change(InstanceId id, Func<SupervisedInstance, SupervisedInstance> change) =>
            _instances[_instances.FindIndex(i => i.Id == id)] = change(_instances.First(i => i.Id == id));
    }
}
