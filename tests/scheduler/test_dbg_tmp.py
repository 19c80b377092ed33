from tests.scheduler.test_facts import *
async def test_x(database):
    town = Town(database)
    place = await town.school()
    ann = await town.person("ann", place)
    await say(town, ann, place, "2025-09-01T08:00", semester_start="2025-09-01")
    for d in ("2025-09-01","2025-09-02","2025-09-17","2025-09-24","2025-09-25"):
        if d=="2025-09-24": await say(town, ann, place, "2025-09-17T10:00", semester_start="2025-09-08")
        await town.at(d+"T09:00")
        print(d,[(r.revision,r.rule,r.day,r.state) for r in await town.rows(subject=NOTICE)])
    async with database.read() as tx:
        from scheduler import matters
        m=await matters.of(tx,[place.id],parse_local("2025-09-24T09:00"))
        print([ (x.subject,x.revision,x.status) for x in m[place.id]][:5])
    assert 0
