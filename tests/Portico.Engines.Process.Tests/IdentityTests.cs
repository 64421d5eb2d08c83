using Microsoft.Extensions.Logging.Abstractions;
using Portico.Core.Engines;
using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Runs;
using Portico.Hosting.Loops;

namespace Portico.Engines.Process.Tests;

/// <summary>The account numbers of owners.</summary>
public sealed class IdentityTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("portico-identities-").FullName;
    private readonly EngineHome _home;

    public IdentityTests()
    {
        _home = new EngineHome(Path.Combine(_root, "engine"), TimeProvider.System);
        _home.Create();
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Owner_keeps_its_numbers_and_shares_them_with_nobody()
    {
        var first = New().Of("srv-1");
        var second = New().Of("srv-2");
        Assert.Equal(first, New().Of("srv-1"));
        uint[] numbers = [first.Run.Numbers!.Value.User, first.Build.Numbers!.Value.User, second.Run.Numbers!.Value.User, second.Build.Numbers!.Value.User];
        Assert.Equal([100_000u, 100_001u, 100_002u, 100_003u], numbers);
        Assert.Equal(first.Run.Numbers!.Value.Group, first.Build.Numbers!.Value.Group);
    }

    [Fact]
    public void Numbers_that_are_used_up_are_an_error_until_an_owner_is_deleted()
    {
        var identities = New(last: 100_005);
        foreach (var owner in (string[])["srv-1", "srv-2", "srv-3"])
            identities.Of(owner);
        var error = Assert.Throws<RunFailure>(() => identities.Of("srv-4"));
        Assert.Contains("PORTICO_UID_RANGE (100000-100005)", error.Message, StringComparison.Ordinal);
        identities.Forget("srv-2");
        Assert.Equal(100_002u, identities.Of("srv-4").Run.Numbers!.Value.User);
    }

    [Theory]
    [InlineData(0u, 10u)]
    [InlineData(1000u, 70_000u)]
    [InlineData(70_000u, 70_000u)]
    [InlineData(70_000u, 4_000_000_000u)]
    public void Range_that_could_hold_accounts_of_the_machine_is_refused(uint first, uint last) =>
        Assert.Contains("must lie between", new IdentityRange(first, last).Problem(), StringComparison.Ordinal);

    [Fact]
    public async Task Range_is_kept_and_another_platform_gets_another_one()
    {
        Assert.SkipUnless(Native.Libc.EffectiveUser() == 0, "Only root gives account numbers.");
        var other = NewHome("other");
        var range = await ChooseAsync(_home, wanted: null);
        Assert.Equal(range, await ChooseAsync(_home, wanted: null));
        var error = await Assert.ThrowsAsync<EngineStartException>(() => ChooseAsync(other, range));
        Assert.Contains(_home.Root, error.Message, StringComparison.Ordinal);
        Assert.NotEqual(range, await ChooseAsync(other, wanted: null));
    }

    [Fact]
    public async Task Of_platforms_that_choose_one_range_at_once_one_gets_it()
    {
        Assert.SkipUnless(Native.Libc.EffectiveUser() == 0, "Only root gives account numbers.");
        var free = await ChooseAsync(_home, wanted: null);
        new IdentityClaims(_home).Remove();
        var homes = Enumerable.Range(0, 8).Select(i => NewHome($"other-{i}")).ToList();
        var choices = homes.Select(home => Task.Run(() => ChooseAsync(home, free))).ToList();
        await Task.WhenAll(choices).ContinueWith(_ => { }, TaskScheduler.Default);
        var chosen = Assert.Single(choices, choice => choice.IsCompletedSuccessfully);
        Assert.All(choices.Where(choice => choice != chosen), choice => Assert.Contains("uses it", choice.Exception!.InnerException!.Message, StringComparison.Ordinal));
        homes.ForEach(home => new IdentityClaims(home).Remove());
    }

    [Fact]
    public async Task Engine_that_gets_no_range_does_not_keep_its_home()
    {
        Assert.SkipUnless(Native.Libc.EffectiveUser() == 0, "Only root gives account numbers.");
        File.SetUnixFileMode(_root, (UnixFileMode)0b111_101_101);
        await using var engine = new ProcessEngine(new ProcessEngineOptions { Home = _home.Root, AccountNumbers = (0, 10) }, new LoopRegistry(), NullLoggerFactory.Instance);
        var error = await Assert.ThrowsAsync<EngineStartException>(() => engine.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("must lie between", error.Message, StringComparison.Ordinal);
        using var free = new FileStream(_home.Lock, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
    }

    private EngineHome NewHome(string name)
    {
        var home = new EngineHome(Path.Combine(_root, name), TimeProvider.System);
        home.Create();
        return home;
    }

    private static Task<IdentityRange> ChooseAsync(EngineHome home, IdentityRange? wanted) =>
        IdentityRange.ChooseAsync(home, wanted, TimeProvider.System, TestContext.Current.CancellationToken);

    private Identities New(uint last = 200_000) => new(_home, new Account("portico", (999, 999)), new IdentityRange(100_000, last));
}
