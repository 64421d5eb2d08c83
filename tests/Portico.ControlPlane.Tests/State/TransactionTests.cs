using System.Net;
using Portico.ControlPlane.State;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Tests.State;

/// <summary>
/// SQLite lets one transaction write at a time, and each of ours is one that writes: while it lasts, all other changes of the platform wait.
/// So nothing that may take long is awaited in one.
/// </summary>
public sealed class TransactionTests
{
    /// <summary>Methods that are called only where no transaction is open, which their caller asks for.</summary>
    private static readonly string[] OnlyOutside = ["MailText.WrittenAsync"];

    [Fact]
    public void Nothing_but_the_database_is_awaited_in_a_transaction()
    {
        var found = new TransactionCalls(typeof(PorticoDb).Assembly.GetTypes()).Find(OnlyOutside).ToList();
        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    [Theory]
    [InlineData(nameof(Offenders.BeginsOne))]
    [InlineData(nameof(Offenders.RunsInOne))]
    [InlineData(nameof(Offenders.RunsInAnother))]
    public void What_is_awaited_in_one_is_found(string name)
    {
        var found = new TransactionCalls([.. typeof(PorticoDb).Assembly.GetTypes(), .. WithNested(typeof(Offenders))]).Find();
        Assert.Contains(found, way => way.StartsWith($"{nameof(Offenders)}.{name} → ", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_awaited_before_or_after_one_is_right()
    {
        var found = new TransactionCalls([.. typeof(PorticoDb).Assembly.GetTypes(), .. WithNested(typeof(Offenders))]).Find();
        Assert.DoesNotContain(found, way => way.Contains(nameof(Offenders.AsksBeforeAndAfter), StringComparison.Ordinal));
    }

    private static IEnumerable<Type> WithNested(Type type) =>
        [type, .. type.GetNestedTypes(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic).SelectMany(WithNested)];

    /// <summary>Code that is only read.</summary>
    private sealed class Offenders(PorticoDb db, IEngine engine, CancellationToken token)
    {
        public async Task BeginsOne()
        {
            await using var transaction = await db.Database.BeginTransactionAsync(token);
            await AskAsync();
            await transaction.CommitAsync(token);
        }

        public Task<bool> RunsInOne() => db.TransactAsync(async () =>
        {
            await AskAsync();
            return true;
        }, token);

        public Task<IPAddress[]> RunsInAnother() => RunAsync(() => Dns.GetHostAddressesAsync("localhost", token));

        public async Task AsksBeforeAndAfter()
        {
            await AskAsync();
            await using (var transaction = await db.Database.BeginTransactionAsync(token))
                await transaction.CommitAsync(token);
            await AskAsync();
        }

        private Task<T> RunAsync<T>(Func<Task<T>> change) => db.TransactAsync(async () => await change(), token);

        private Task AskAsync() => engine.DeleteRunAsync(new RunId("a"), token);
    }
}
