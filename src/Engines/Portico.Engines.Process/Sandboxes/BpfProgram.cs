using System.Buffers.Binary;

namespace Portico.Engines.Process.Sandboxes;

/// <summary>Writes a program for the kernel's packet filter machine (classic BPF), which also filters system calls.</summary>
/// <remarks>Each instruction is <c>struct sock_filter { u16 code; u8 jump if true; u8 jump if false; u32 value; }</c>.</remarks>
internal sealed class BpfProgram
{
    private const ushort LoadWord = 0x20, JumpIfEqual = 0x15, JumpIfGreaterOrEqual = 0x35, JumpIfAnyBit = 0x45, Return = 0x06;
    private const int InstructionBytes = 8;
    private readonly List<(ushort Code, byte True, byte False, uint Value)> _instructions = [];

    /// <param name="offset">Of a 32-bit word in the data that the kernel passes.</param>
    public BpfProgram Load(uint offset) => Add(LoadWord, 0, 0, offset);

    public BpfProgram Exit(uint result) => Add(Return, 0, 0, result);

    /// <summary>Returns a result if the loaded word is this value; otherwise the next instruction follows.</summary>
    public BpfProgram ExitIfEqual(uint value, uint result) => Add(JumpIfEqual, 0, 1, value).Exit(result);

    public BpfProgram ExitUnlessEqual(uint value, uint result) => Add(JumpIfEqual, 1, 0, value).Exit(result);

    public BpfProgram ExitIfAtLeast(uint value, uint result) => Add(JumpIfGreaterOrEqual, 0, 1, value).Exit(result);

    /// <summary>Returns a result if the loaded word has any of these bits.</summary>
    public BpfProgram ExitIfAnyBit(uint bits, uint result) => Add(JumpIfAnyBit, 0, 1, bits).Exit(result);

    /// <summary>Runs instructions only if the loaded word is this value. They must end with an exit.</summary>
    public BpfProgram IfEqual(uint value, Action<BpfProgram> then)
    {
        var inner = new BpfProgram();
        then(inner);
        Add(JumpIfEqual, 0, checked((byte)inner._instructions.Count), value);
        _instructions.AddRange(inner._instructions);
        return this;
    }

    /// <summary>Returns the instructions in the byte order of the processors that .NET runs on.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[_instructions.Count * InstructionBytes];
        for (var i = 0; i < _instructions.Count; i++)
        {
            var (code, ifTrue, ifFalse, value) = _instructions[i];
            var at = bytes.AsSpan(i * InstructionBytes, InstructionBytes);
            BinaryPrimitives.WriteUInt16LittleEndian(at, code);
            (at[2], at[3]) = (ifTrue, ifFalse);
            BinaryPrimitives.WriteUInt32LittleEndian(at[4..], value);
        }
        return bytes;
    }

    private BpfProgram Add(ushort code, byte ifTrue, byte ifFalse, uint value)
    {
        _instructions.Add((code, ifTrue, ifFalse, value));
        return this;
    }
}
