import datetime, decimal, math, random, sys
import pyarrow as pa, pyarrow.parquet as pq
D=decimal.Decimal
out=sys.argv[1]
random.seed(7)
written=set()
def write(name, table, **kw):
    """Values go to one file for all variants, `values.variant`."""
    pq.write_table(table, f'{out}/{name}.parquet', **kw)
    values=name.split('.')[0]
    if values in written: return
    written.add(values)
    with pa.ipc.new_stream(f'{out}/{values}.arrows', table.schema) as stream: stream.write_table(table)
n=120
def nul(vals, p=0.2): return [None if random.random()<p else v for v in vals]
flat={
 'bool': (nul([random.random()<.5 for _ in range(n)]), pa.bool_()),
 'int8': (nul([random.randint(-128,127) for _ in range(n)]), pa.int8()),
 'int16': (nul([random.randint(-32768,32767) for _ in range(n)]), pa.int16()),
 'int32': (nul([random.choice([-2**31,2**31-1,random.randint(-10**6,10**6)]) for _ in range(n)]), pa.int32()),
 'int64': (nul([random.choice([-2**63,2**63-1,random.randint(-10**15,10**15)]) for _ in range(n)]), pa.int64()),
 'uint8': (nul([random.randint(0,255) for _ in range(n)]), pa.uint8()),
 'uint16': (nul([random.randint(0,65535) for _ in range(n)]), pa.uint16()),
 'uint32': (nul([random.randint(0,2**32-1) for _ in range(n)]), pa.uint32()),
 'uint64': (nul([random.randint(0,2**64-1) for _ in range(n)]), pa.uint64()),
 'float': (nul([random.choice([0.0,-0.0,math.inf,-math.inf,math.nan,1.5,-3.25]) for _ in range(n)]), pa.float32()),
 'double': (nul([random.choice([0.1,1e300,-1e-300,random.random()]) for _ in range(n)]), pa.float64()),
 'text': (nul([random.choice(['','a','\u00e9','\U0001F600 long long text '*3, 'x'*random.randint(0,40)]) for _ in range(n)]), pa.string()),
 'sorted_text': ([f'prefix/{i//10:05d}/{i%10}' for i in range(n)], pa.string()),
 'bytes': (nul([bytes(random.randint(0,255) for _ in range(random.randint(0,20))) for _ in range(n)]), pa.binary()),
 'fixed': (nul([bytes(random.randint(0,255) for _ in range(5)) for _ in range(n)]), pa.binary(5)),
 'dec9': (nul([D(random.randint(-10**9+1,10**9-1)).scaleb(-2) for _ in range(n)]), pa.decimal128(9,2)),
 'dec18': (nul([D(random.randint(-10**18+1,10**18-1)).scaleb(-4) for _ in range(n)]), pa.decimal128(18,4)),
 'dec38': (nul([decimal.Context(prec=80).scaleb(D(random.randint(-10**38+1,10**38-1)),-10) for _ in range(n)]), pa.decimal128(38,10)),
 'dec76': (nul([decimal.Context(prec=80).scaleb(D(random.randint(-10**76+1,10**76-1)),-10) for _ in range(n)]), pa.decimal256(76,10)),
 'date': (nul([datetime.date(1,1,1)+datetime.timedelta(days=random.randint(0,3650000)) for _ in range(n)]), pa.date32()),
 'time_ms': (nul([random.randint(0,86399999) for _ in range(n)]), pa.time32('ms')),
 'time_us': (nul([random.randint(0,86399999999) for _ in range(n)]), pa.time64('us')),
 'time_ns': (nul([random.randint(0,86399999999999) for _ in range(n)]), pa.time64('ns')),
 'ts_ms': (nul([random.randint(-10**13,10**13) for _ in range(n)]), pa.timestamp('ms')),
 'ts_us': (nul([random.randint(-10**16,10**16) for _ in range(n)]), pa.timestamp('us','UTC')),
 'ts_ns': (nul([random.randint(-10**18,10**18) for _ in range(n)]), pa.timestamp('ns')),
}
def table(cols): return pa.table([pa.array(v,t) for v,t in cols.values()], names=list(cols))
t=table(flat)


write('flat.plain', t, compression='snappy', use_dictionary=False, data_page_size=700)
write('flat.plain-v2', t, compression='zstd', use_dictionary=False, data_page_version='2.0', data_page_size=700, write_page_checksum=True)
write('flat.dictionary', t, compression='snappy', data_page_size=300, write_page_checksum=True, row_group_size=50)
few=t.select(['int32','text','dec38','bool'])
for codec in ['none','gzip','brotli','lz4']:
    write(f'flat.{codec}', few, compression=codec)
    write(f'flat.{codec}-v2', few, compression=codec, data_page_version='2.0')
write('flat.decimal-integers', t.select(['dec9','dec18']), compression='none', use_dictionary=False, store_decimal_as_integer=True)
delta={c:'DELTA_BINARY_PACKED' for c in ['int8','int16','int32','int64','uint32','uint64','ts_us','date']}|{'text':'DELTA_LENGTH_BYTE_ARRAY','bytes':'DELTA_BYTE_ARRAY','sorted_text':'DELTA_BYTE_ARRAY','fixed':'DELTA_BYTE_ARRAY','bool':'RLE'}
write('flat.delta', t.select(list(delta)), use_dictionary=False, column_encoding=delta, compression='none')
write('flat.delta-v2', t.select(list(delta)), use_dictionary=False, column_encoding=delta, compression='snappy', data_page_version='2.0', data_page_size=400)
split={c:'BYTE_STREAM_SPLIT' for c in ['int32','int64','float','double','fixed','dec38']}
write('flat.byte-stream-split', t.select(list(split)), use_dictionary=False, column_encoding=split, compression='none')
write('flat.empty', t.slice(0,0))
big=pa.table({'k':pa.array([f'value number {i}' for i in range(400)]+['again']*100), 'i':pa.array(list(range(500)),pa.int64())})
write('fallback.pages', big, dictionary_pagesize_limit=2000, data_page_size=1000, compression='snappy', row_group_size=300)
write('int96.instants', pa.table({'t':pa.array([0,1_500_000,-1_000_000,4102444800_000000,-2208988800_000000,None],pa.timestamp('us'))}), use_deprecated_int96_timestamps=True)
write('dictionary.declared', pa.table({'d':pa.array(nul([random.choice(['red','green','blue']) for _ in range(60)])).dictionary_encode(), 'n':pa.array(range(60),pa.int32())}), compression='snappy', row_group_size=25)
write('types.declared', pa.table({'d':pa.array([1,None,-5],pa.duration('us')), 'z':pa.array([1,None,3],pa.timestamp('ms','Europe/Berlin')), 'n':pa.nulls(3), 'h':pa.array([1.5,None,-2.0],pa.float16())}).replace_schema_metadata({'owner':'tests'}))
write('required.flat', pa.table([pa.array([1,2,3],pa.int32()), pa.array(['a','b','c'])], schema=pa.schema([pa.field('i',pa.int32(),False), pa.field('s',pa.string(),False)])))
def rnd_list(): return None if random.random()<.15 else [None if random.random()<.2 else random.randint(0,99) for _ in range(random.randint(0,6))]
def rnd_struct(): return None if random.random()<.2 else {'a': None if random.random()<.2 else random.randint(0,9), 'b': None if random.random()<.2 else random.choice(['x','yy','zzz','']), 'l': rnd_list()}
m=80
nested=pa.table({
 'list': pa.array([rnd_list() for _ in range(m)], pa.list_(pa.int32())),
 'texts': pa.array([None if random.random()<.1 else [random.choice([None,'','ab','c'*random.randint(0,9)]) for _ in range(random.randint(0,4))] for _ in range(m)], pa.list_(pa.string())),
 'struct': pa.array([rnd_struct() for _ in range(m)], pa.struct([('a',pa.int64()),('b',pa.string()),('l',pa.list_(pa.int32()))])),
 'list_of_struct': pa.array([None if random.random()<.1 else [rnd_struct() for _ in range(random.randint(0,3))] for _ in range(m)], pa.list_(pa.struct([('a',pa.int64()),('b',pa.string()),('l',pa.list_(pa.int32()))]))),
 'deep': pa.array([None if random.random()<.1 else [rnd_list() for _ in range(random.randint(0,3))] for _ in range(m)], pa.list_(pa.list_(pa.int32()))),
 'map': pa.array([None if random.random()<.1 else [(f'k{j}', None if random.random()<.3 else D(random.randint(0,999)).scaleb(-2)) for j in range(random.randint(0,4))] for _ in range(m)], pa.map_(pa.string(), pa.decimal128(9,2))),
 'map_of_list': pa.array([[(f'k{j}', rnd_list()) for j in range(random.randint(0,2))] for _ in range(m)], pa.map_(pa.string(), pa.list_(pa.int32()))),
 'flat': pa.array(range(m), pa.int32()),
})
write('nested.pages', nested, data_page_size=100, compression='snappy', row_group_size=33)
write('nested.v2', nested, data_page_size=200, compression='zstd', data_page_version='2.0', use_dictionary=False)
req=pa.schema([pa.field('l', pa.list_(pa.field('element', pa.int32(), False)), False), pa.field('s', pa.struct([pa.field('a',pa.int32(),False), pa.field('b',pa.struct([pa.field('c',pa.string(),False)]),False)]), False)])
write('required-members.nested', pa.table([pa.array([[1,2],[],[3]],req.field('l').type), pa.array([{'a':1,'b':{'c':'x'}},{'a':2,'b':{'c':'y'}},{'a':3,'b':{'c':''}}],req.field('s').type)], schema=req))
