using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Portico.ControlPlane.Outbound;
using Portico.ControlPlane.Routing;
using Portico.Core.DataStores;
using Portico.Core.Engines;
using Portico.Hosting.Processes;

namespace Portico.ControlPlane.Tests.State;

/// <summary>Finds the ways in compiled code by which something is awaited in a database transaction that is not the database.</summary>
/// <remarks>
/// In a transaction are the calls of a method from where it begins one until it commits, and the delegates that it passes to a method that
/// runs them in one. Where an interface or a virtual method is called, each implementation counts.
/// </remarks>
internal sealed class TransactionCalls
{
    private static readonly Type[] Outside =
    [
        typeof(IEngine), typeof(IEdge), typeof(IDataStore), typeof(IPostgresInspector), typeof(QueryPostgres), typeof(IHostLookup), typeof(CapturedProcess),
        typeof(Process), typeof(Dns), typeof(Socket), typeof(TcpClient), typeof(NetworkStream), typeof(HttpMessageInvoker),
    ];

    private readonly Dictionary<MethodBase, Call[]> _calls;
    private readonly ILookup<(string, int), MethodBase> _overrides;

    /// <param name="types">The types whose code is read.</param>
    public TransactionCalls(IReadOnlyCollection<Type> types)
    {
        _calls = types.SelectMany(MethodCalls.Declared).ToDictionary(method => method, method => MethodCalls.Of(method).ToArray());
        _overrides = _calls.Keys.Where(method => method.IsVirtual).ToLookup(NameOf);
    }

    /// <summary>Returns the ways, each from the method in whose transaction it happens to what is awaited.</summary>
    /// <param name="except">Methods through which no way leads, like <c>Type.Method</c>.</param>
    public IEnumerable<string> Find(params IEnumerable<string> except)
    {
        var closed = except.ToHashSet();
        var runners = Runners();
        foreach (var (method, calls) in _calls)
        {
            var begun = Between(calls).Select(call => call.Target);
            var passed = calls.Any(call => runners.Contains(call.Target)) ? calls.Where(call => call.IsReference).Select(call => call.Target) : [];
            foreach (var way in begun.Concat(passed).Distinct().Select(start => Way(start, closed)).OfType<string>().Distinct())
                yield return $"{Text(method)} → {way}";
        }
    }

    /// <summary>The methods that run delegates of their callers in a transaction.</summary>
    private HashSet<MethodBase> Runners()
    {
        var runners = new HashSet<MethodBase>();
        bool Runs(MethodBase method) => CallsWithLambdas(method).Any(call => IsBegin(call.Target) || runners.Contains(call.Target));
        var takers = _calls.Keys.Where(method => method.GetParameters().Any(parameter => typeof(Delegate).IsAssignableFrom(parameter.ParameterType))).ToList();
        while (takers.Where(method => !runners.Contains(method)).Where(Runs).ToList() is { Count: > 0 } more)
            runners.UnionWith(more);
        return runners;
    }

    private IEnumerable<Call> CallsWithLambdas(MethodBase method) => _calls[method].Concat(
        _calls[method].Where(call => call.IsReference && _calls.ContainsKey(call.Target)).SelectMany(call => _calls[call.Target]));

    private static Call[] Between(Call[] calls)
    {
        var begin = Array.FindIndex(calls, call => IsBegin(call.Target));
        var commit = Array.FindLastIndex(calls, call => call.Target.Name == nameof(IDbContextTransaction.CommitAsync));
        return begin < 0 ? [] : calls[(begin + 1)..(commit < begin ? calls.Length : commit)];
    }

    private static bool IsBegin(MethodBase method) =>
        method.DeclaringType == typeof(DatabaseFacade) && method.Name is nameof(DatabaseFacade.BeginTransaction) or nameof(DatabaseFacade.BeginTransactionAsync);

    /// <summary>Returns the shortest way from a method to what must not be awaited; null if there is none.</summary>
    private string? Way(MethodBase start, HashSet<string> closed)
    {
        var (ways, queue) = (new Dictionary<MethodBase, string> { [start] = Text(start) }, new Queue<MethodBase>([start]));
        while (queue.TryDequeue(out var method))
        {
            if (IsOutside(method))
                return ways[method];
            foreach (var next in Targets(method).Where(next => !closed.Contains(Text(next)) && ways.TryAdd(next, $"{ways[method]} → {Text(next)}")))
                queue.Enqueue(next);
        }
        return null;
    }

    private IEnumerable<MethodBase> Targets(MethodBase method)
    {
        if (_calls.TryGetValue(method, out var calls))
            return calls.Select(call => call.Target);
        return method is { IsAbstract: true, DeclaringType: { } declaring }
            ? _overrides[NameOf(method)].Where(item => declaring.IsAssignableFrom(item.DeclaringType))
            : [];
    }

    private static bool IsOutside(MethodBase method) => method is MethodInfo { ReturnType: var answer } && Outside.Any(type => type.IsAssignableFrom(method.DeclaringType))
        && (typeof(Task).IsAssignableFrom(answer) || answer.Name.StartsWith("ValueTask", StringComparison.Ordinal) || answer.Name.StartsWith("IAsyncEnumerable", StringComparison.Ordinal)
            || method.Name is nameof(Process.Start) or nameof(Process.WaitForExit) or nameof(Dns.GetHostAddresses) or nameof(Socket.Connect));

    private static (string, int) NameOf(MethodBase method) => (method.Name[(method.Name.LastIndexOf('.') + 1)..], method.GetParameters().Length);

    private static string Text(MethodBase method) => $"{method.DeclaringType?.Name}.{method.Name}";
}
