namespace Portico.ControlPlane.State;

/// <summary>The row is deleted with the row whose id this property holds, and is part of it: users who may not change the owner may not change the row.</summary>
/// <param name="owners">The property holds the id of one of these.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DeletedWithAttribute(params Type[] owners) : Attribute
{
    public IReadOnlyList<Type> Owners => owners;

    /// <summary>The platform writes the row to record what happened to the owner. Writing one does not change the owner.</summary>
    public bool IsRecord { get; init; }
}

/// <summary>The row whose id this property holds cannot be deleted while this row exists.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class BlocksDeletionAttribute(Type owner) : Attribute
{
    public Type Owner => owner;
}

/// <summary>The property holds an id, and the row stays when what the id names is deleted.</summary>
/// <param name="reason">Why it stays, or what deletes it.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NotOwnedAttribute(string reason) : Attribute
{
    public string Reason => reason;
}
