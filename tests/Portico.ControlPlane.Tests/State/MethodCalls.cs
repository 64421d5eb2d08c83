using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Portico.ControlPlane.Tests.State;

/// <summary>Reads from the compiled code which methods a method calls.</summary>
internal static class MethodCalls
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    /// <summary>Returns the methods with a body that a type declares. What the compiler made of an async method or an iterator is part of that.</summary>
    public static IEnumerable<MethodBase> Declared(Type type) => typeof(IAsyncStateMachine).IsAssignableFrom(type)
        ? []
        : type.GetMethods(All).Concat<MethodBase>(type.GetConstructors(All)).Where(method => method.GetMethodBody() is not null);

    /// <summary>Returns the calls of a method in the order of the code. Those of an async method or an iterator are in what the compiler made of it.</summary>
    public static IEnumerable<Call> Of(MethodBase method)
    {
        var body = method.GetCustomAttribute<StateMachineAttribute>() is { } machine
            ? machine.StateMachineType.GetMethod("MoveNext", All) ?? method
            : method;
        return Read(body);
    }

    private static IEnumerable<Call> Read(MethodBase method)
    {
        var code = method.GetMethodBody()?.GetILAsByteArray();
        for (var at = 0; at < code?.Length;)
        {
            var opCode = OpCodesByValue[code[at] == 0xFE ? unchecked((short)((0xFE << 8) | code[++at])) : code[at]];
            at++;
            if (opCode.OperandType is OperandType.InlineMethod or OperandType.InlineTok && Resolve(method, BitConverter.ToInt32(code, at)) is { } target)
                yield return new Call(target, IsReference: opCode == OpCodes.Ldftn || opCode == OpCodes.Ldvirtftn);
            at += opCode.OperandType == OperandType.InlineSwitch ? 4 + (4 * BitConverter.ToInt32(code, at)) : Length(opCode.OperandType);
        }
    }

    private static MethodBase? Resolve(MethodBase method, int token)
    {
        var resolved = method.Module.ResolveMember(
            token, method.DeclaringType?.IsGenericType == true ? method.DeclaringType.GetGenericArguments() : null,
            method.IsGenericMethod ? method.GetGenericArguments() : null) as MethodBase;
        // That of a generic type or method itself, not with these type arguments. Arrays have methods without a definition.
        return resolved is null || resolved.DeclaringType is null or { IsArray: true } ? null : resolved.Module.ResolveMethod(resolved.MetadataToken);
    }

    private static int Length(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };
}

/// <param name="IsReference">The method is not called there, but passed on as a delegate.</param>
internal sealed record Call(MethodBase Target, bool IsReference);
